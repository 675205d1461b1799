package dev.tessera.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.error.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowingFileTest {
  @TempDir Path folder;

  private RunFolder run(Storage storage) {
    return RunFolder.forNewRun(storage, folder.toString());
  }

  private String text() throws IOException {
    return Files.readString(folder.resolve("log.txt"));
  }

  /** Counts how often a file is put in place. */
  private static final class CountingStorage implements Storage {
    private final LocalStorage local = new LocalStorage();
    private int replaced;
    private boolean full;

    @Override
    public List<String> list(String folder) throws IOException {
      return local.list(folder);
    }

    @Override
    public OutputStream create(String path) throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
      return local.create(path);
    }

    @Override
    public OutputStream createNew(String path) throws IOException {
      return local.createNew(path);
    }

    @Override
    public InputStream open(String path) throws IOException {
      return local.open(path);
    }

    @Override
    public boolean exists(String path) {
      return local.exists(path);
    }

    @Override
    public void replace(String from, String to) throws IOException {
      replaced++;
      local.replace(from, to);
    }

    @Override
    public void delete(String path) throws IOException {
      local.delete(path);
    }
  }

  private static long spools() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (Stream<Path> files = Files.list(temporary)) {
      return files.filter(file -> file.toString().endsWith("-log-of-this-test.txt")).count();
    }
  }

  @Test
  void firstLineIsThereAtOnceAndAllAtTheEnd() throws IOException {
    CountingStorage storage = new CountingStorage();
    GrowingFile file = new GrowingFile(run(storage), "log.txt");
    file.line("one");
    assertThat(text()).isEqualTo("one\n");
    file.line("two");
    file.line("thr\u00e9e");
    file.close();
    assertThat(text()).isEqualTo("one\ntwo\nthr\u00e9e\n");
  }

  @Test
  void manyLinesAreFewCopies() throws IOException {
    CountingStorage storage = new CountingStorage();
    try (GrowingFile file = new GrowingFile(run(storage), "log.txt")) {
      for (int i = 0; i < 1000; i++) {
        file.line("line " + i);
      }
    }
    assertThat(storage.replaced).isBetween(2, 4);
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
    CountingStorage storage = new CountingStorage();
    GrowingFile file = new GrowingFile(run(storage), "log-of-this-test.txt");
    assertThat(spools()).isEqualTo(1);
    file.line("one");
    file.close();
    file.close();
    assertThat(storage.replaced).isEqualTo(1);
    assertThat(spools()).isZero();
  }

  @Test
  void fullDiskComesOutAndTheTemporaryFileGoes() throws IOException {
    CountingStorage storage = new CountingStorage();
    GrowingFile file = new GrowingFile(run(storage), "log-of-this-test.txt");
    file.line("one");
    file.line("two");
    storage.full = true;
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
}
