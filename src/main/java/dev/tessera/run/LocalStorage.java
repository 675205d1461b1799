package dev.tessera.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The local file system. */
public final class LocalStorage implements Storage {
  @Override
  public OutputStream create(String path) throws IOException {
    return Files.newOutputStream(inFolder(path));
  }

  @Override
  public OutputStream createNew(String path) throws IOException {
    return Files.newOutputStream(
        inFolder(path), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Makes the folders above a file. */
  private static Path inFolder(String path) throws IOException {
    Path file = Path.of(path).toAbsolutePath();
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    return file;
  }

  @Override
  public InputStream open(String path) throws IOException {
    try {
      return Files.newInputStream(Path.of(path));
    } catch (NoSuchFileException e) {
      FileNotFoundException missing = new FileNotFoundException(path);
      missing.initCause(e);
      throw missing;
    }
  }

  @Override
  public boolean exists(String path) {
    return Files.exists(Path.of(path));
  }

  @Override
  public void replace(String from, String to) throws IOException {
    Files.move(
        Path.of(from),
        Path.of(to),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(String path) throws IOException {
    Files.deleteIfExists(Path.of(path));
  }

  @Override
  public List<String> list(String folder) throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(folder))) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
