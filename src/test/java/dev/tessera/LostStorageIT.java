package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose file system fails under it, and the same command when it is back. */
class LostStorageIT {
  private static final int STORAGE = 5;

  @TempDir private Path folder;
  private TinyRuns runs;
  private Path whole;

  @BeforeEach
  void runOnceThrough() throws Exception {
    runs = new TinyRuns(folder, 120);
    whole = folder.resolve("whole");
    assertThat(runs.finish(runs.start(whole))).isZero();
  }

  @AfterEach
  void leaveNoneRunning() {
    runs.close();
  }

  /** Does something to the storage in the middle of a run that then must end. */
  @FunctionalInterface
  private interface Harm {
    void be() throws Exception;
  }

  private void harmed(Path run, Harm harm, String message) throws Exception {
    int before = runs.checkpoint(run);
    Process process = runs.start(run);
    runs.await(process, () -> runs.checkpoint(run) > before);
    harm.be();
    assertThat(runs.finish(process)).as(runs.output(run)).isEqualTo(STORAGE);
    assertThat(runs.output(run)).contains("tessera: Cannot ").contains(message);
    assertThat(runs.output(run).lines()).as("a stack").noneMatch(line -> line.startsWith("\tat "));
  }

  @Test
  void aFolderThatIsMovedAwayIsNotBegunAgain() throws Exception {
    Path run = folder.resolve("run");
    Path elsewhere = folder.resolve("elsewhere");
    harmed(
        run,
        () -> Files.move(run, elsewhere),
        "/job.conf has gone. The run folder was removed or moved, or its file system is no longer"
            + " there.");
    assertThat(run).doesNotExist();
    Files.move(elsewhere, run);
    assertThat(runs.finish(runs.start(run))).as(runs.output(run)).isZero();
    assertThat(runs.outcome(run)).isEqualTo(runs.outcome(whole));
  }

  @Test
  void aDiskThatIsFullOrReadOnlyOrGoneLeavesTheLastCheckpointWhole() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path kept = Files.createDirectory(folder.resolve("kept"));
    assumeTrue(isDone("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", kept.toString()));
    try {
      bind(kept, disk);
      Path run = disk.resolve("run");
      harmed(run, () -> fill(disk.resolve("other")), "No space left on device");
      Files.delete(disk.resolve("other"));
      harmed(
          run,
          () -> require("mount", "-o", "remount,bind,ro", disk.toString()),
          "Read-only file system");
      require("mount", "-o", "remount,bind,rw", disk.toString());
      harmed(run, () -> require("umount", "-l", disk.toString()), "its file system is no longer");
      assertThat(disk).as("what the disk was mounted on").isEmptyDirectory();
      bind(kept, disk);
      assertThat(runs.finish(runs.start(run))).as(runs.output(run)).isZero();
      assertThat(runs.outcome(run)).isEqualTo(runs.outcome(whole));
    } finally {
      isDone("umount", "-l", disk.toString());
      isDone("umount", "-l", kept.toString());
    }
  }

  private static void fill(Path file) {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] bytes = new byte[1 << 12];
      while (true) {
        out.write(bytes);
      }
    } catch (IOException e) {
      // That is what it is for.
      assertThat(e).hasMessageContaining("No space left on device");
    }
  }

  private static void bind(Path what, Path at) throws Exception {
    require("mount", "--bind", what.toString(), at.toString());
  }

  private static void require(String... command) throws Exception {
    assertThat(isDone(command)).as(String.join(" ", command)).isTrue();
  }

  private static boolean isDone(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      // Not every machine has mount.
      return false;
    }
  }
}
