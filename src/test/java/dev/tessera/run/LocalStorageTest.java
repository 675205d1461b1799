package dev.tessera.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStorageTest {
  @TempDir Path folder;
  private final LocalStorage storage = new LocalStorage();

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void write(String name, String text) throws IOException {
    try (OutputStream out = storage.create(path(name))) {
      out.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  private String read(String name) throws IOException {
    try (InputStream in = storage.open(path(name))) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  @Test
  void createsFoldersAboveAndReplacesOldFiles() throws IOException {
    write("a/b/c.txt", "old and long");
    write("a/b/c.txt", "new");
    assertThat(read("a/b/c.txt")).isEqualTo("new");
  }

  @Test
  void replaceMovesOverAnExistingFile() throws IOException {
    write("new", "2");
    write("old", "1");
    storage.replace(path("new"), path("old"));
    assertThat(read("old")).isEqualTo("2");
    assertThat(storage.exists(path("new"))).isFalse();
  }

  @Test
  void replaceOfNothingFails() {
    assertThatThrownBy(() -> storage.replace(path("none"), path("to")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void missingFileIsNotFound() {
    assertThatThrownBy(() -> storage.open(path("none")))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage(path("none"))
        .hasCauseInstanceOf(NoSuchFileException.class);
    assertThat(storage.exists(path("none"))).isFalse();
  }

  @Test
  void deletesAFileThatIsThereOrNot() throws IOException {
    write("x", "1");
    storage.delete(path("x"));
    storage.delete(path("x"));
    assertThat(Files.exists(folder.resolve("x"))).isFalse();
  }
}
