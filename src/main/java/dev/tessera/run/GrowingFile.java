package dev.tessera.run;

import dev.tessera.error.StorageException;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * A text file of the run folder that grows while the run goes on, on file systems that can't append
 * (object stores): lines collect in a local file, of which a whole copy is put into the folder now
 * and then and at the end.
 *
 * <p>Not thread-safe. A copy follows the one before after five seconds, or after twenty times what
 * that one took, so that copying never takes more than a twentieth of the time.
 */
public final class GrowingFile implements AutoCloseable {
  private static final Duration SHORTEST_SPACING = Duration.ofSeconds(5);

  private final RunFolder folder;
  private final String name;
  private final Path spool;
  private final OutputStream out;
  private long size;
  private long published;
  private long publishedAt;
  private long spacingNanos;
  private boolean closed;

  public GrowingFile(RunFolder folder, String name) {
    this.folder = folder;
    this.name = name;
    try {
      this.spool = Files.createTempFile("tessera-", "-" + name.replace('/', '-'));
      this.out = new BufferedOutputStream(Files.newOutputStream(spool), 1 << 16);
    } catch (IOException e) {
      throw RunFolder.failure("make a temporary file for", name, e);
    }
  }

  /** A file that begins with the lines of the one that is there, if any, that {@code stands}. */
  public static GrowingFile continued(RunFolder folder, String name, Predicate<String> stands) {
    folder.finishReplacing(name);
    GrowingFile file = new GrowingFile(folder, name);
    if (!folder.has(name)) {
      return file;
    }
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(folder.open(name), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (stands.test(line)) {
          file.add(line);
        }
      }
    } catch (IOException e) {
      file.abandon();
      throw RunFolder.failure("read", folder.file(name), e);
    }
    return file;
  }

  private void abandon() {
    published = size;
    close();
  }

  /** Adds a line; the newline is added here. */
  public void line(String line) {
    add(line);
    if (published == 0 || System.nanoTime() - publishedAt >= spacingNanos) {
      publish();
    }
  }

  private void add(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw RunFolder.failure("write", spool.toString(), e);
    }
    size += bytes.length;
  }

  /** Puts all lines so far into the run folder. */
  public void publish() {
    if (published == size) {
      return;
    }
    long began = System.nanoTime();
    try {
      out.flush();
      folder.write(name, target -> Files.copy(spool, target));
    } catch (IOException e) {
      throw RunFolder.failure("write", spool.toString(), e);
    }
    published = size;
    publishedAt = System.nanoTime();
    spacingNanos = Math.max(SHORTEST_SPACING.toNanos(), 20 * (publishedAt - began));
  }

  /** Publishes what is left and removes the local file. May be called twice. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (out) {
      if (published < size) {
        publish();
      }
    } catch (IOException e) {
      throw RunFolder.failure("write", spool.toString(), e);
    } finally {
      delete();
    }
  }

  private void delete() {
    try {
      Files.deleteIfExists(spool);
    } catch (IOException e) {
      throw new StorageException("Cannot remove " + spool, new UncheckedIOException(e));
    }
  }
}
