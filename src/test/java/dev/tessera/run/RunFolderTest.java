package dev.tessera.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.error.JobException;
import dev.tessera.error.StorageException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  private static final String ADVICE =
      ". Check that the file system has room, can be reached, and lets this user write there;"
          + " everything written before is whole.";

  @TempDir Path folder;
  private String failing = "";

  private RunFolder newRun() {
    return RunFolder.at(new LocalStorage(), folder.toString());
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file);
  }

  private static Stream<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList()
          .stream();
    }
  }

  @Test
  void writesWholeFilesAndNothingElse() throws IOException {
    RunFolder run = newRun();
    run.writeText(RunFolder.JOB, "a = 1\n");
    run.writeJson(RunFolder.MANIFEST, new ObjectMapper().createObjectNode().put("schema", 1));
    run.writeText(RunFolder.BAD_IMAGES, "");
    assertThat(text(folder.resolve("job.conf"))).isEqualTo("a = 1\n");
    assertThat(text(folder.resolve("manifest.json"))).isEqualTo("{\n  \"schema\" : 1\n}\n");
    assertThat(names(folder))
        .containsExactly("job.conf", "manifest.json", "quarantine/bad-images.parquet");
  }

  @Test
  void aRunThatHasBegunIsNotBegunAgainWhereItsFolderHasGone() throws IOException {
    RunFolder run = RunFolder.at(new LocalStorage(), folder.resolve("run").toString());
    run.begin("a = 1");
    Files.delete(folder.resolve("run/job.conf"));
    Files.delete(folder.resolve("run"));
    assertThatThrownBy(() -> run.writeText("notes.txt", "half a run"))
        .isInstanceOf(StorageException.class)
        .hasMessage(
            "Cannot write "
                + folder
                + "/run/notes.txt: "
                + folder
                + "/run/job.conf has gone. The run folder was removed or moved, or its file system is no"
                + " longer there. Bring it back and start the same command again, or start with a new"
                + " --run-dir DIR.");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void replacesAFileByANewerOne() throws IOException {
    RunFolder run = newRun();
    run.writeText("notes.txt", "old and long");
    run.writeText("notes.txt", "new");
    assertThat(text(folder.resolve("notes.txt"))).isEqualTo("new");
  }

  @Test
  void readsBackWhatItWrote() throws IOException {
    RunFolder run = newRun();
    run.writeText("notes.txt", "Gr\u00fc\u00dfe");
    try (InputStream in = run.open("notes.txt")) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("Gr\u00fc\u00dfe");
    }
  }

  @Test
  void fileNamesFollowOneSlash() {
    LocalStorage storage = new LocalStorage();
    assertThat(RunFolder.at(storage, folder + "/").file("x"))
        .isEqualTo(RunFolder.at(storage, folder.toString()).file("x"))
        .isEqualTo(folder + "/x");
    assertThat(newRun().path()).isEqualTo(folder.toString());
  }

  @Test
  void refusesAFolderWithAFinishedRun() throws IOException {
    newRun().writeText(RunFolder.MANIFEST, "{}");
    Files.writeString(folder.resolve(RunFolder.MODEL), "");
    assertThatThrownBy(() -> newRun().requireFree())
        .isInstanceOf(JobException.class)
        .hasMessage(
            "run.dir = "
                + folder
                + " already holds a run, a finished one. A run never overwrites another. Give this"
                + " one a folder of its own with --run-dir DIR, or remove the old one.");
  }

  @Test
  void refusesAFolderWithARunThatDidNotFinish() {
    newRun().writeText(RunFolder.JOB, "");
    assertThatThrownBy(() -> newRun().requireFree())
        .isInstanceOf(JobException.class)
        .hasMessage(
            "run.dir = "
                + folder
                + " already holds a run, which did not finish or still runs. A run never overwrites another. Give"
                + " this one a folder of its own with --run-dir DIR, or remove the old one.");
  }

  @Test
  void aFolderWithOtherFilesIsFine() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "mine");
    newRun().requireFree();
    newRun().writeText(RunFolder.JOB, "");
    assertThat(names(folder)).containsExactly("job.conf", "notes.txt");
  }

  @Test
  void contentThatFailsLeavesNothing() throws IOException {
    RunFolder run = newRun();
    assertThatThrownBy(
            () ->
                run.write(
                    "model.zip",
                    out -> {
                      out.write(1);
                      throw new IOException("half way");
                    }))
        .isInstanceOf(StorageException.class)
        .hasMessage("Cannot write " + folder + "/model.zip: half way" + ADVICE);
    assertThat(names(folder)).isEmpty();
  }

  @Test
  void contentThatIsOursToBlameLeavesNothingAndComesOutAsItIs() throws IOException {
    RunFolder run = newRun();
    IllegalStateException defect = new IllegalStateException("defect");
    assertThatThrownBy(
            () ->
                run.write(
                    "model.zip",
                    out -> {
                      out.write(1);
                      throw defect;
                    }))
        .isSameAs(defect);
    assertThat(names(folder)).isEmpty();
  }

  @Test
  void contentThatFailsLeavesTheFileBefore() throws IOException {
    RunFolder run = newRun();
    run.writeText("state", "whole");
    assertThatThrownBy(
            () ->
                run.write(
                    "state",
                    out -> {
                      throw new IOException("no");
                    }))
        .isInstanceOf(StorageException.class);
    assertThat(names(folder)).containsExactly("state");
    assertThat(text(folder.resolve("state"))).isEqualTo("whole");
  }

  @Test
  void storageThatFailsIsNamed() throws IOException {
    Storage storage =
        new HookedStorage(
            (operation, path) -> {
              if (operation.equals(failing)) {
                throw new IOException("the " + operation + " failed");
              }
            });
    RunFolder run = RunFolder.at(storage, folder.toString());
    for (String operation : new String[] {"create", "replace"}) {
      failing = operation;
      assertThatThrownBy(() -> run.writeText("job.conf", "a"))
          .isInstanceOf(StorageException.class)
          .hasMessage("Cannot write " + folder + "/job.conf: the " + operation + " failed" + ADVICE)
          .hasCauseInstanceOf(IOException.class);
      assertThat(names(folder)).isEmpty();
    }
    failing = "open";
    assertThatThrownBy(() -> run.open("job.conf"))
        .isInstanceOf(StorageException.class)
        .hasMessage("Cannot read " + folder + "/job.conf: the open failed" + ADVICE);
    failing = "exists";
    assertThatThrownBy(() -> RunFolder.at(storage, folder.toString()).requireFree())
        .isInstanceOf(StorageException.class)
        .hasMessage("Cannot look into the run folder " + folder + ": the exists failed" + ADVICE);
  }

  @Test
  void failureThatOnlyNamesItsFileSaysItsKind() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    RunFolder run = RunFolder.at(new LocalStorage(), folder.resolve("file").toString());
    assertThatThrownBy(() -> run.writeText("job.conf", "a"))
        .isInstanceOf(StorageException.class)
        .hasMessage(
            "Cannot write "
                + folder
                + "/file/job.conf: FileAlreadyExistsException "
                + folder
                + "/file"
                + ADVICE);
  }

  /** Linux's device of that name refuses every write with a real ENOSPC. */
  @Test
  void fullDeviceIsAStorageFailure() {
    assumeTrue(Files.isWritable(Path.of("/dev/full")));
    Storage full =
        new HookedStorage(
            (operation, path) -> {
              if (operation.equals("create")) {
                try (OutputStream out = new FileOutputStream("/dev/full")) {
                  out.write(0);
                }
              }
            });
    RunFolder run = RunFolder.at(full, folder.toString());
    assertThatThrownBy(() -> run.writeText("job.conf", "a = 1"))
        .isInstanceOf(StorageException.class)
        .hasMessage("Cannot write " + folder + "/job.conf: No space left on device" + ADVICE);
  }

  @Test
  void fullFileSystemLeavesWhatWasWrittenAndNothingHalf() throws Exception {
    assumeTrue(mounted("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.toString()));
    try {
      RunFolder run = newRun();
      run.writeText("small.txt", "fits");
      assertThatThrownBy(() -> run.write("large.bin", out -> out.write(new byte[1 << 20])))
          .isInstanceOf(StorageException.class)
          .hasMessage("Cannot write " + folder + "/large.bin: No space left on device" + ADVICE);
      assertThat(names(folder)).containsExactly("small.txt");
      run.writeText("after.txt", "there is room again");
      assertThat(names(folder)).containsExactly("after.txt", "small.txt");
    } finally {
      assertThat(mounted("umount", folder.toString())).isTrue();
    }
  }

  private static boolean mounted(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
