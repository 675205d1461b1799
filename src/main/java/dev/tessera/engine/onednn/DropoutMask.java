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
 * 13, 7, 17) of 64 bits, 16 an element, so that the rate is met to 1/65,536. Many generators side
 * by side, since one waits for itself, and no branches, which can't be foretold: so the JVM makes
 * vector instructions of it.
 */
final class DropoutMask {
  private static final int GENERATORS = 512;

  private final StepContext step;
  private final Tensor mask;
  private final boolean bfloat16;
  private final int layer;
  private final long keepBelow;
  private final long factorBits;
  private final long[] states = new long[GENERATORS];
  private final long[] chunk;
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
    this.chunk = new long[bfloat16 ? GENERATORS : 2 * GENERATORS];
  }

  void link() {
    target = mask.buffer.memory().longs(mask.buffer.offset + mask.offset, mask.longs());
  }

  void draw() {
    LongBuffer out = Objects.requireNonNull(target);
    RandomStream seeds = RandomStream.of(step.dropoutSeed(), Purpose.DROPOUT, layer);
    for (int i = 0; i < GENERATORS; i++) {
      // The one state that xorshift never leaves is 0.
      states[i] = seeds.nextLong() | 1;
    }
    int count = out.capacity();
    for (int from = 0; from < count; from += chunk.length) {
      if (bfloat16) {
        sixteenBits(states, chunk, keepBelow, factorBits);
      } else {
        thirtyTwoBits(states, chunk, keepBelow, factorBits);
      }
      out.put(from, chunk, 0, Math.min(chunk.length, count - from));
    }
  }

  /** Two elements a value of {@code chunk}. */
  private static void thirtyTwoBits(long[] states, long[] chunk, long keepBelow, long factorBits) {
    for (int i = 0; i < GENERATORS; i++) {
      long s = states[i];
      s ^= s << 13;
      s ^= s >>> 7;
      s ^= s << 17;
      states[i] = s;
      long e0 = (((s & 0xffff) - keepBelow) >> 63) & factorBits;
      long e1 = (((s >>> 16 & 0xffff) - keepBelow) >> 63) & factorBits;
      long e2 = (((s >>> 32 & 0xffff) - keepBelow) >> 63) & factorBits;
      long e3 = (((s >>> 48) - keepBelow) >> 63) & factorBits;
      chunk[i] = e0 | e1 << 32;
      chunk[GENERATORS + i] = e2 | e3 << 32;
    }
  }

  /** Four elements a value of {@code chunk}. */
  private static void sixteenBits(long[] states, long[] chunk, long keepBelow, long factorBits) {
    for (int i = 0; i < GENERATORS; i++) {
      long s = states[i];
      s ^= s << 13;
      s ^= s >>> 7;
      s ^= s << 17;
      states[i] = s;
      long e0 = (((s & 0xffff) - keepBelow) >> 63) & factorBits;
      long e1 = (((s >>> 16 & 0xffff) - keepBelow) >> 63) & factorBits;
      long e2 = (((s >>> 32 & 0xffff) - keepBelow) >> 63) & factorBits;
      long e3 = (((s >>> 48) - keepBelow) >> 63) & factorBits;
      chunk[i] = e0 | e1 << 16 | e2 << 32 | e3 << 48;
    }
  }
}
