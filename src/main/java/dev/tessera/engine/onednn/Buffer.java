package dev.tessera.engine.onednn;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that a program needs from its first operation that names them to the last one. Where they
 * lie is decided when all operations are known.
 */
final class Buffer {
  final long bytes;
  int firstUse = Integer.MAX_VALUE;
  int lastUse = -1;

  /** Where it lies: in memory of its own, or in the program's region. Set by linking. */
  @Nullable NativeMemory memory;

  long offset;

  Buffer(long bytes) {
    this.bytes = bytes;
  }

  /** A buffer that has its place already: parameters, gradients. */
  static Buffer fixed(NativeMemory memory, long offset, long bytes) {
    Buffer buffer = new Buffer(bytes);
    buffer.memory = memory;
    buffer.offset = offset;
    return buffer;
  }

  void use(int operation) {
    firstUse = Math.min(firstUse, operation);
    lastUse = Math.max(lastUse, operation);
  }

  boolean livesWith(Buffer other) {
    return firstUse <= other.lastUse && other.firstUse <= lastUse;
  }

  NativeMemory memory() {
    if (memory == null) {
      throw new IllegalStateException("A buffer of " + bytes + " bytes has no place yet");
    }
    return memory;
  }
}
