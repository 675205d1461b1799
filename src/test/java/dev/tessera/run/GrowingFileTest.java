package dev.tessera.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.error.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowingFileTest {
  @TempDir Path folder;
  private int replaced;
  private boolean full;

  private RunFolder run(Storage storage) {
    return RunFolder.at(storage, folder.toString());
  }

  private String text() throws IOException {
    return Files.readString(folder.resolve("log.txt"));
  }

  private Storage counting() {
    return new HookedStorage(
        (operation, path) -> {
          if (operation.equals("replace")) {
            replaced++;
          } else if (full && operation.equals("create")) {
            throw new IOException("No space left on device");
          }
        });
  }

  private static long spools() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (Stream<Path> files = Files.list(temporary)) {
      return files.filter(file -> file.toString().endsWith("-log-of-this-test.txt")).count();
    }
  }

  @Test
  void firstLineIsThereAtOnceAndAllAtTheEnd() throws IOException {
    GrowingFile file = new GrowingFile(run(counting()), "log.txt");
    file.line("one");
    assertThat(text()).isEqualTo("one\n");
    file.line("two");
    file.line("thr\u00e9e");
    file.close();
    assertThat(text()).isEqualTo("one\ntwo\nthr\u00e9e\n");
  }

  @Test
  void manyLinesAreFewCopies() throws IOException {
    try (GrowingFile file = new GrowingFile(run(counting()), "log.txt")) {
      for (int i = 0; i < 1000; i++) {
        file.line("line " + i);
      }
    }
    assertThat(replaced).isBetween(2, 4);
    assertThat(text().lines()).hasSize(1000);
  }

  @Test
  void publishPutsAllLinesThere() throws IOException {
    try (GrowingFile file = new GrowingFile(run(new LocalStorage()), "log.txt")) {
      file.line("one");
      file.line("two");
      file.publish();
      assertThat(text()).isEqualTo("one\ntwo\n");
    }
  }

  @Test
  void withoutALineThereIsNoFile() {
    new GrowingFile(run(new LocalStorage()), "log.txt").close();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void closesTwiceAndLeavesNoTemporaryFile() throws IOException {
    GrowingFile file = new GrowingFile(run(counting()), "log-of-this-test.txt");
    assertThat(spools()).isEqualTo(1);
    file.line("one");
    file.close();
    file.close();
    assertThat(replaced).isEqualTo(1);
    assertThat(spools()).isZero();
  }

  @Test
  void fullDiskComesOutAndTheTemporaryFileGoes() throws IOException {
    GrowingFile file = new GrowingFile(run(counting()), "log-of-this-test.txt");
    file.line("one");
    file.line("two");
    full = true;
    assertThatThrownBy(file::close)
        .isInstanceOf(StorageException.class)
        .hasMessage(
            "Cannot write "
                + folder
                + "/log-of-this-test.txt: No space left on device. Check that the file system has"
                + " room, can be reached, and lets this user write there; everything written"
                + " before is whole.");
    assertThat(Files.readString(folder.resolve("log-of-this-test.txt"))).isEqualTo("one\n");
    assertThat(spools()).isZero();
  }

  /** Where a store replaces a file in two steps. */
  @Test
  void aRunKilledWhileItReplacedAFileLosesNoLine() throws IOException {
    Files.writeString(folder.resolve("log.txt.tmp"), "one\ntwo\n");
    try (GrowingFile file =
        GrowingFile.continued(run(new LocalStorage()), "log.txt", line -> true)) {
      file.line("three");
    }
    assertThat(text()).isEqualTo("one\ntwo\nthree\n");
    assertThat(folder.resolve("log.txt.tmp")).doesNotExist();
  }

  @Test
  void whatIsBesideAFileThatIsThereIsLeftAlone() throws IOException {
    Files.writeString(folder.resolve("log.txt"), "one\n");
    Files.writeString(folder.resolve("log.txt.tmp"), "one\nha");
    GrowingFile.continued(run(new LocalStorage()), "log.txt", line -> true).close();
    assertThat(text()).isEqualTo("one\n");
  }
}
