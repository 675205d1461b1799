package dev.tessera.image;

import dev.tessera.network.Shape;
import java.io.Serializable;

/**
 * A block of decoded examples of one size: pixels as unsigned bytes, example after example, each
 * height x width x channels (channels innermost), with labels and origins. Read-only by agreement:
 * Spark caches it and several tasks may read it at once.
 */
public final class PixelBlock implements Serializable {
  private static final long serialVersionUID = 1L;

  // Not a Shape.Image: it is a record, which Kryo can't make when Spark spills a block.
  private final int height;
  private final int width;
  private final int channels;
  private final byte[] pixels;
  private final int[] labels;
  private final String[] origins;

  /**
   * Takes the arrays over.
   *
   * @throws IllegalArgumentException if their lengths don't fit together
   */
  public PixelBlock(Shape.Image shape, byte[] pixels, int[] labels, String[] origins) {
    if (pixels.length != (long) labels.length * shape.size() || labels.length != origins.length) {
      throw new IllegalArgumentException(
          "Invalid block: "
              + pixels.length
              + " bytes, "
              + labels.length
              + " labels and "
              + origins.length
              + " origins of "
              + shape
              + " do not fit together");
    }
    this.height = shape.height();
    this.width = shape.width();
    this.channels = shape.channels();
    this.pixels = pixels;
    this.labels = labels;
    this.origins = origins;
  }

  public Shape.Image shape() {
    return new Shape.Image(height, width, channels);
  }

  /** Number of examples. */
  public int size() {
    return labels.length;
  }

  /** Class index of the example, from 0. */
  public int label(int example) {
    return labels[example];
  }

  /** Where the example came from. */
  public String origin(int example) {
    return origins[example];
  }

  /** Copies one example's pixels to {@code target} from {@code offset} on. */
  public void copyPixels(int example, byte[] target, int offset) {
    int size = height * width * channels;
    System.arraycopy(pixels, example * size, target, offset, size);
  }
}
