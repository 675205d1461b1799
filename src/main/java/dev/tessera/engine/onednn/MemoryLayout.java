package dev.tessera.engine.onednn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Places buffers in one region so that those which live at the same time don't overlap.
 *
 * <p>Largest first, each at the lowest place that is free for its whole life: the greedy by size of
 * Pisarchyk and Lee, "Efficient memory management for deep neural net inference", 2020.
 */
final class MemoryLayout {
  private MemoryLayout() {}

  /** Sets every buffer's offset. Returns the bytes of the region. */
  static long place(List<Buffer> buffers) {
    List<Buffer> order = new ArrayList<>(buffers);
    order.sort(Comparator.comparingLong((Buffer b) -> -b.bytes).thenComparingInt(b -> b.firstUse));
    List<Buffer> placed = new ArrayList<>();
    long end = 0;
    for (Buffer buffer : order) {
      buffer.offset = firstGap(buffer, placed);
      insertByOffset(buffer, placed);
      end = Math.max(end, buffer.offset + NativeMemory.aligned(buffer.bytes));
    }
    return end;
  }

  private static long firstGap(Buffer buffer, List<Buffer> placedByOffset) {
    long offset = 0;
    long wanted = NativeMemory.aligned(buffer.bytes);
    for (Buffer other : placedByOffset) {
      if (!other.livesWith(buffer)) {
        continue;
      }
      if (other.offset >= offset + wanted) {
        break;
      }
      offset = Math.max(offset, other.offset + NativeMemory.aligned(other.bytes));
    }
    return offset;
  }

  private static void insertByOffset(Buffer buffer, List<Buffer> placed) {
    int at = 0;
    while (at < placed.size() && placed.get(at).offset <= buffer.offset) {
      at++;
    }
    placed.add(at, buffer);
  }
}
