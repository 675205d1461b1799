package dev.tessera.image.augment;

import dev.tessera.image.augment.Augmentation.RandomResizedCrop;
import dev.tessera.network.Shape;
import dev.tessera.random.RandomStream;

/**
 * Draws a part by area and ratio of sides, and enlarges it to the whole's size, bilinearly with
 * pixel centres at halves. The part is never larger than the picture, so that nothing shrinks and
 * no filter against aliasing is needed.
 */
final class ResizedCropStep implements ImageStep {
  private static final int TRIES = 10;

  /** Weights are counted in 2048ths: two of them times a byte fit an int. */
  private static final int ONE = 1 << 11;

  private static final int HALF_OF_SQUARE = 1 << 21;
  private static final int SQUARE_BITS = 22;

  private final RandomResizedCrop settings;
  private final int height;
  private final int width;
  private final int channels;
  private final byte[] source;
  private final int[] columns;
  private final int[] columnWeights;
  private int top;
  private int left;
  private int rows;
  private int cells;

  ResizedCropStep(RandomResizedCrop settings, Shape.Image shape, byte[] buffer) {
    this.settings = settings;
    this.height = shape.height();
    this.width = shape.width();
    this.channels = shape.channels();
    this.source = buffer;
    this.columns = new int[width];
    this.columnWeights = new int[width];
  }

  @Override
  public void apply(byte[] pixels, int offset, RandomStream random) {
    draw(random);
    resize(pixels, offset, top, left, rows, cells);
  }

  private void draw(RandomStream random) {
    double area = (double) height * width;
    for (int i = 0; i < TRIES; i++) {
      double wanted = area * settings.scale().draw(random);
      double ratio = settings.ratio().drawByLogarithm(random);
      cells = (int) Math.rint(Math.sqrt(wanted * ratio));
      rows = (int) Math.rint(Math.sqrt(wanted / ratio));
      if (cells > 0 && cells <= width && rows > 0 && rows <= height) {
        top = random.nextInt(height - rows + 1);
        left = random.nextInt(width - cells + 1);
        return;
      }
    }
    middle();
  }

  /** The largest part about the middle whose ratio is allowed. */
  private void middle() {
    double ratio = (double) width / height;
    cells = width;
    rows = height;
    if (ratio < settings.ratio().min()) {
      rows = Math.max(1, (int) Math.rint(width / settings.ratio().min()));
    } else if (ratio > settings.ratio().max()) {
      cells = Math.max(1, (int) Math.rint(height * settings.ratio().max()));
    }
    top = (height - rows) / 2;
    left = (width - cells) / 2;
  }

  /** Brings the part that begins at (top, left) to the size of the whole picture. */
  void resize(byte[] pixels, int offset, int top, int left, int rows, int cells) {
    if (rows == height && cells == width) {
      return;
    }
    System.arraycopy(pixels, offset, source, 0, height * width * channels);
    for (int x = 0; x < width; x++) {
      int place = place(x, cells, width);
      columns[x] = (left + place / ONE) * channels;
      columnWeights[x] = place % ONE;
    }
    int stride = width * channels;
    for (int y = 0; y < height; y++) {
      int place = place(y, rows, height);
      int upper = (top + place / ONE) * stride;
      int weight = place % ONE;
      row(pixels, offset + y * stride, upper, weight == 0 ? upper : upper + stride, weight);
    }
  }

  /**
   * Where a pixel's centre falls in the part, in 2048ths of a pixel, cut to its first and last
   * centre.
   */
  private static int place(int pixel, int part, int whole) {
    double place = (pixel + 0.5) * part / whole - 0.5;
    return (int) Math.rint(ONE * Math.max(0, Math.min(part - 1, place)));
  }

  private void row(byte[] pixels, int to, int upper, int lower, int weight) {
    for (int x = 0; x < width; x++) {
      int near = columns[x];
      int right = columnWeights[x];
      int far = right == 0 ? near : near + channels;
      for (int c = 0; c < channels; c++) {
        int above =
            (source[upper + near + c] & 0xff) * (ONE - right)
                + (source[upper + far + c] & 0xff) * right;
        int below =
            (source[lower + near + c] & 0xff) * (ONE - right)
                + (source[lower + far + c] & 0xff) * right;
        int value = above * (ONE - weight) + below * weight;
        pixels[to++] = (byte) ((value + HALF_OF_SQUARE) >> SQUARE_BITS);
      }
    }
  }
}
