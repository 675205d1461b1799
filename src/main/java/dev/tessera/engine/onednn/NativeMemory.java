package dev.tessera.engine.onednn;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A block of zeroed native memory, aligned to 64 bytes (a cache line, and the widest vector).
 *
 * <p>Allocated when it is made, freed by {@link #close}. Parts of it are handed to oneDNN by
 * address, so whoever owns it must outlive those uses.
 */
final class NativeMemory implements AutoCloseable {
  static final int ALIGNMENT = 64;

  private final BytePointer allocation;
  private final long start;
  private final long bytes;

  NativeMemory(long bytes) {
    this.bytes = bytes;
    this.allocation = new BytePointer(bytes + ALIGNMENT);
    Pointer.memset(allocation, 0, bytes + ALIGNMENT);
    this.start = aligned(allocation.address());
  }

  /** The next multiple of the alignment. */
  static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }

  long bytes() {
    return bytes;
  }

  /** A pointer to {@code length} bytes from {@code offset} on. It owns nothing. */
  Pointer at(long offset, long length) {
    if (offset < 0 || length < 0 || offset + length > bytes) {
      throw new IndexOutOfBoundsException(
          "Bytes " + offset + " to " + (offset + length) + " are not within " + bytes);
    }
    return new Part(start + offset, length);
  }

  FloatBuffer floats(long offset, long count) {
    return part(offset, count * Float.BYTES)
        .asByteBuffer()
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  LongBuffer longs(long offset, long count) {
    return part(offset, count * Long.BYTES)
        .asByteBuffer()
        .order(ByteOrder.nativeOrder())
        .asLongBuffer();
  }

  java.nio.ByteBuffer bytes(long offset, long count) {
    return part(offset, count).asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /** For a buffer of Java, which is indexed by an int. */
  private Pointer part(long offset, long length) {
    if (length > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Cannot work on "
              + length
              + " bytes of one tensor in Java, which counts no further than "
              + Integer.MAX_VALUE
              + ". Lower training.batchSize");
    }
    return at(offset, length);
  }

  @Override
  public void close() {
    allocation.close();
  }

  /** An address with a length that JavaCPP makes buffers of. */
  private static final class Part extends Pointer {
    Part(long address, long length) {
      this.address = address;
      this.limit = length;
      this.capacity = length;
    }

    @Override
    public int sizeof() {
      return 1;
    }
  }
}
