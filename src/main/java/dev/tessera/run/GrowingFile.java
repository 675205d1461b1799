package dev.tessera.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * A text file of the run folder that grows line by line while the run goes on: a whole copy is put
 * there now and then, and at the end. Not thread-safe.
 */
public final class GrowingFile implements AutoCloseable {
  private final GrowingBytes bytes;

  public GrowingFile(RunFolder folder, String name) {
    this.bytes = new GrowingBytes(folder, name);
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
      file.bytes.abandon();
      throw RunFolder.failure("read", folder.file(name), e);
    } catch (RuntimeException e) {
      file.bytes.abandon();
      throw e;
    }
    return file;
  }

  /** Adds a line; the newline is added here. */
  public void line(String line) {
    add(line);
    bytes.publishWhereDue();
  }

  private void add(String line) {
    bytes.add((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Puts all lines so far into the run folder. */
  public void publish() {
    bytes.publish();
  }

  /** Publishes what is left and removes the local file. May be called twice. */
  @Override
  public void close() {
    bytes.close();
  }
}
