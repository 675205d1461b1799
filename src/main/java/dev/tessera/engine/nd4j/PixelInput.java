package dev.tessera.engine.nd4j;

import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Shape;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Bytes [n, height, width, channels] to scaled floats [n, channels, height, width] in one pass. */
final class PixelInput implements AutoCloseable {
  private static final int LEVELS = 256;

  private final int plane;
  private final int channels;
  private final float[] scaled;
  private final BatchArray array;

  PixelInput(Shape.Image shape, PixelScaling scaling, int capacity) {
    plane = shape.height() * shape.width();
    channels = shape.channels();
    scaled = table(scaling);
    array = new BatchArray(capacity, channels, shape.height(), shape.width());
  }

  /** What each of the 256 values becomes, channel after channel. */
  private static float[] table(PixelScaling scaling) {
    float[] table = new float[LEVELS * scaling.channels()];
    for (int i = 0; i < table.length; i++) {
      int channel = i / LEVELS;
      table[i] = i % LEVELS * scaling.scale().get(channel) + scaling.shift().get(channel);
    }
    return table;
  }

  INDArray fill(Minibatch minibatch) {
    FloatBuffer values = array.values();
    byte[] pixels = minibatch.pixels();
    int next = 0;
    for (int example = 0; example < minibatch.size(); example++) {
      int first = example * channels * plane;
      for (int pixel = 0; pixel < plane; pixel++) {
        for (int channel = 0; channel < channels; channel++) {
          values.put(
              first + channel * plane + pixel, scaled[channel * LEVELS + (pixels[next++] & 0xff)]);
        }
      }
    }
    return array.first(minibatch.size());
  }

  @Override
  public void close() {
    array.close();
  }
}
