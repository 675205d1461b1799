package dev.tessera.run;

import dev.tessera.tfrecord.Frame;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Predicate;

/**
 * TensorBoard's event file of a run, {@link RunFolder#EVENTS}: it grows while the run goes on, and
 * a whole copy is put into the folder now and then, and at the end. Not thread-safe.
 */
public final class EventFile implements AutoCloseable {
  private final GrowingBytes bytes;
  private boolean isBegun;

  private EventFile(RunFolder folder) {
    this.bytes = new GrowingBytes(folder, RunFolder.EVENTS);
  }

  /**
   * A file that begins with the events of the one that is there, if any, that {@code stands}, as
   * far as it is whole. They keep their times.
   *
   * @throws dev.tessera.error.StorageException if the file system refuses
   */
  public static EventFile continued(RunFolder folder, Predicate<StoredEvent> stands) {
    folder.finishReplacing(RunFolder.EVENTS);
    EventFile file = new EventFile(folder);
    if (!folder.has(RunFolder.EVENTS)) {
      return file;
    }
    try (InputStream in = new BufferedInputStream(folder.open(RunFolder.EVENTS), 1 << 16)) {
      for (byte[] event = Frame.next(in); event != null; event = Frame.next(in)) {
        if (stands.test(StoredEvent.of(event))) {
          file.append(event);
        }
      }
    } catch (IOException e) {
      file.bytes.abandon();
      throw RunFolder.failure("read", folder.file(RunFolder.EVENTS), e);
    } catch (RuntimeException e) {
      file.bytes.abandon();
      throw e;
    }
    return file;
  }

  /** Adds an event, with the time that it is now. */
  public void add(TensorBoardEvent event) {
    double now = System.currentTimeMillis() / 1e3;
    if (!isBegun) {
      append(TensorBoardEvent.version(now));
    }
    append(event.bytes(now));
    bytes.publishWhereDue();
  }

  private void append(byte[] event) {
    isBegun = true;
    bytes.add(Frame.of(event));
  }

  /** Puts all events so far into the run folder. */
  public void publish() {
    bytes.publish();
  }

  /** Publishes what is left and removes the local file. May be called twice. */
  @Override
  public void close() {
    bytes.close();
  }
}
