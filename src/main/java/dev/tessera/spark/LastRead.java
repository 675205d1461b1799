package dev.tessera.spark;

import java.io.Serializable;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The value that this JVM last read from {@link Wire} bytes: the tasks of a round all want the same
 * one, and read it once. They share it, and must not change it. Thread-safe.
 *
 * <p>Asks whether the array is the same, not whether its content is: Spark gives all tasks of a JVM
 * the one array of a broadcast.
 */
final class LastRead<T extends Serializable> {
  private final Class<T> type;
  private final Function<T, Reference<T>> kept;
  private Reference<byte[]> bytes = new WeakReference<>(null);
  private Reference<T> value = new WeakReference<>(null);

  /**
   * @param kept how long a value is kept that no task holds: {@code WeakReference::new} for what is
   *     large, {@code SoftReference::new} for what later rounds want again
   */
  LastRead(Class<T> type, Function<T, Reference<T>> kept) {
    this.type = type;
    this.kept = kept;
  }

  /** The value of these bytes. */
  synchronized T of(byte[] wanted) {
    @Nullable T last = bytes.get() == wanted ? value.get() : null;
    if (last != null) {
      return last;
    }
    value = new WeakReference<>(null); // so that memory has to hold one alone
    T read = Wire.value(wanted, type);
    remember(wanted, read);
    return read;
  }

  /** Says what the bytes were made of: in local mode tasks then find it without reading. */
  synchronized void remember(byte[] written, T of) {
    bytes = new WeakReference<>(written);
    value = kept.apply(of);
  }
}
