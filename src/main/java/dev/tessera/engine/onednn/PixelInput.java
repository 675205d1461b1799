package dev.tessera.engine.onednn;

import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The step's first pass over the pixels: unsigned bytes, channels innermost, to scaled values of
 * the same order, by a table of the 256 values of each channel.
 */
final class PixelInput {
  private static final int CHUNK_PIXELS = 1024;

  private final StepContext step;
  private final Tensor target;
  private final int examples;
  private final boolean bfloat16;
  private final int channels;

  /** Where the table of each value's channel begins, of a chunk. */
  private final int[] tableAt;

  private final float[] floatTable;
  private final short[] bfloatTable;
  private final float[] floats;
  private final short[] bfloats;
  private @Nullable FloatBuffer floatsOut;
  private @Nullable ShortBuffer bfloatsOut;

  /**
   * @param examples how many {@code target} holds
   */
  PixelInput(
      StepContext step, Tensor target, int examples, PixelScaling scaling, boolean bfloat16) {
    this.step = step;
    this.target = target;
    this.examples = examples;
    this.bfloat16 = bfloat16;
    this.channels = scaling.channels();
    this.floatTable = new float[256 * channels];
    this.bfloatTable = new short[256 * channels];
    for (int i = 0; i < 256; i++) {
      for (int c = 0; c < channels; c++) {
        float value = i * scaling.scale().get(c) + scaling.shift().get(c);
        floatTable[c * 256 + i] = value;
        bfloatTable[c * 256 + i] = Bfloat16.of(value);
      }
    }
    this.tableAt = new int[CHUNK_PIXELS * channels];
    for (int i = 0; i < tableAt.length; i++) {
      tableAt[i] = i % channels * 256;
    }
    this.floats = new float[bfloat16 ? 0 : CHUNK_PIXELS * channels];
    this.bfloats = new short[bfloat16 ? CHUNK_PIXELS * channels : 0];
  }

  void link() {
    ByteBuffer content = target.content();
    floatsOut = content.asFloatBuffer();
    bfloatsOut = content.asShortBuffer();
  }

  void fill() {
    Minibatch minibatch = step.minibatch();
    byte[] pixels = minibatch.pixels();
    int example = minibatch.shape().size();
    int first = step.firstExample * example;
    int total = examples * example;
    int chunk = CHUNK_PIXELS * channels;
    for (int from = 0; from < total; from += chunk) {
      int count = Math.min(chunk, total - from);
      if (bfloat16) {
        lookUpBfloats(pixels, first + from, count);
        Objects.requireNonNull(bfloatsOut).put(from, bfloats, 0, count);
      } else {
        lookUpFloats(pixels, first + from, count);
        Objects.requireNonNull(floatsOut).put(from, floats, 0, count);
      }
    }
  }

  // One loop of stride 1, over locals: that is what the JVM unrolls.

  private void lookUpFloats(byte[] pixels, int from, int count) {
    float[] values = floats;
    float[] table = floatTable;
    int[] begins = tableAt;
    for (int i = 0; i < count; i++) {
      values[i] = table[begins[i] + (pixels[from + i] & 0xff)];
    }
  }

  private void lookUpBfloats(byte[] pixels, int from, int count) {
    short[] values = bfloats;
    short[] table = bfloatTable;
    int[] begins = tableAt;
    for (int i = 0; i < count; i++) {
      values[i] = table[begins[i] + (pixels[from + i] & 0xff)];
    }
  }
}
