package dev.tessera.image;

import dev.tessera.network.Shape;

/**
 * A block of decoded examples of one size: pixels as unsigned bytes, example after example, each
 * height x width x channels (channels innermost), with labels and origins. Read-only by agreement:
 * Spark caches it and several tasks may read it at once.
 */
public final class PixelBlock implements ExampleBlock {
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

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int label(int example) {
    return labels[example];
  }

  @Override
  public String origin(int example) {
    return origins[example];
  }

  /** Copies one example's pixels to {@code target} from {@code offset} on. */
  public void copyPixels(int example, byte[] target, int offset) {
    int size = height * width * channels;
    System.arraycopy(pixels, example * size, target, offset, size);
  }

  @Override
  public void read(int example, BlockDecoder decoder, byte[] target, int offset) {
    requireShape(decoder.shape());
    copyPixels(example, target, offset);
  }

  void requireShape(Shape.Image shape) {
    if (height != shape.height() || width != shape.width() || channels != shape.channels()) {
      throw new IllegalStateException(
          "Cannot add a picture of " + shape() + " to a minibatch of " + shape);
    }
  }
}
