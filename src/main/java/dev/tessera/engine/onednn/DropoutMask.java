package dev.tessera.engine.onednn;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.nio.LongBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Draws the factors of one dropout layer for a step: 0 for the fraction dropped, else {@code 1 / (1
 * - rate)}.
 *
 * <p>A pure function of the step's dropout seed and the layer: Marsaglia's xorshift (2003, triple
 * 13, 7, 17) of 64 bits, 16 an element, so that the rate is met to 1/65,536. Without branches: they
 * can't be foretold and cost five times as much.
 */
final class DropoutMask {
  private static final int CHUNK = 2048;

  private final StepContext step;
  private final Tensor mask;
  private final boolean bfloat16;
  private final int layer;
  private final long keepBelow;
  private final long factorBits;
  private final long[] chunk = new long[CHUNK];
  private @Nullable LongBuffer target;

  /**
   * @param mask of any layout: which element gets which draw has no meaning
   */
  DropoutMask(StepContext step, Tensor mask, boolean bfloat16, int layer, double rate) {
    this.step = step;
    this.mask = mask;
    this.bfloat16 = bfloat16;
    this.layer = layer;
    this.keepBelow = Math.round((1 - rate) * 65536);
    int bits = Float.floatToRawIntBits((float) (1 / (1 - rate)));
    this.factorBits = bfloat16 ? Bfloat16.rounded(bits) & 0xffffL : bits & 0xffffffffL;
  }

  void link() {
    target = mask.buffer.memory().longs(mask.buffer.offset + mask.offset, mask.longs());
  }

  void draw() {
    LongBuffer out = Objects.requireNonNull(target);
    long state = RandomStream.key(step.dropoutSeed(), Purpose.DROPOUT, layer) | 1;
    int count = out.capacity();
    for (int from = 0; from < count; from += CHUNK) {
      int n = Math.min(CHUNK, count - from);
      state = bfloat16 ? sixteenBits(state, n) : thirtyTwoBits(state, n);
      out.put(from, chunk, 0, n);
    }
  }

  private long thirtyTwoBits(long start, int count) {
    long s = start;
    long keep = keepBelow;
    long bits = factorBits;
    for (int i = 0; i < count; i += 2) {
      s ^= s << 13;
      s ^= s >>> 7;
      s ^= s << 17;
      long e0 = (((s & 0xffff) - keep) >> 63) & bits;
      long e1 = (((s >>> 16 & 0xffff) - keep) >> 63) & bits;
      long e2 = (((s >>> 32 & 0xffff) - keep) >> 63) & bits;
      long e3 = (((s >>> 48) - keep) >> 63) & bits;
      chunk[i] = e0 | e1 << 32;
      chunk[i + 1] = e2 | e3 << 32;
    }
    return s;
  }

  private long sixteenBits(long start, int count) {
    long s = start;
    long keep = keepBelow;
    long bits = factorBits;
    for (int i = 0; i < count; i++) {
      s ^= s << 13;
      s ^= s >>> 7;
      s ^= s << 17;
      long e0 = (((s & 0xffff) - keep) >> 63) & bits;
      long e1 = (((s >>> 16 & 0xffff) - keep) >> 63) & bits;
      long e2 = (((s >>> 32 & 0xffff) - keep) >> 63) & bits;
      long e3 = (((s >>> 48) - keep) >> 63) & bits;
      chunk[i] = e0 | e1 << 16 | e2 << 32 | e3 << 48;
    }
    return s;
  }
}
