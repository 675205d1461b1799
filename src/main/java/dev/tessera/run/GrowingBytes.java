package dev.tessera.run;

import dev.tessera.error.StorageException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What growing files have in common, whatever is in them. On file systems that can't append (object
 * stores) they grow like this: bytes collect in a local file, of which a whole copy is put into the
 * folder now and then and at the end.
 *
 * <p>Not thread-safe. A copy follows the one before after five seconds, or after twenty times what
 * that one took, so that copying never takes more than a twentieth of the time.
 */
final class GrowingBytes implements AutoCloseable {
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

  GrowingBytes(RunFolder folder, String name) {
    this.folder = folder;
    this.name = name;
    try {
      this.spool = Files.createTempFile("tessera-", "-" + name.replace('/', '-'));
      this.out = new BufferedOutputStream(Files.newOutputStream(spool), 1 << 16);
    } catch (IOException e) {
      throw RunFolder.failure("make a temporary file for", name, e);
    }
  }

  /** Removes the local file and leaves the one in the folder as it is. */
  void abandon() {
    published = size;
    close();
  }

  /** Publishes if it is time to. */
  void publishWhereDue() {
    if (published == 0 || System.nanoTime() - publishedAt >= spacingNanos) {
      publish();
    }
  }

  /** Adds bytes, which {@link #publish} puts there. */
  void add(byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw RunFolder.failure("write", spool.toString(), e);
    }
    size += bytes.length;
  }

  /** Puts all so far into the run folder. */
  void publish() {
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
