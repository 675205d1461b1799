package dev.tessera.image.augment;

import dev.tessera.image.augment.Augmentation.PaddingMode;
import dev.tessera.image.augment.Augmentation.RandomCrop;
import dev.tessera.network.Shape;
import dev.tessera.random.RandomStream;
import java.util.Arrays;

/** Cuts a window of the picture's size out of the picture with a border. */
final class CropStep implements ImageStep {
  private static final int BORDER = -1;

  private final RandomCrop settings;
  private final int height;
  private final int width;
  private final int channels;
  private final byte[] source;

  CropStep(RandomCrop settings, Shape.Image shape, byte[] buffer) {
    int most = Augmenter.mostPadding(settings.paddingMode(), shape);
    if (settings.padding() > most) {
      throw new IllegalArgumentException(
          "Cannot mirror a border of "
              + settings.padding()
              + " from a picture of "
              + shape
              + ": it has at most "
              + most);
    }
    this.settings = settings;
    this.height = shape.height();
    this.width = shape.width();
    this.channels = shape.channels();
    this.source = buffer;
  }

  /** The widest border that a side of that many pixels gives. */
  static int mostPadding(PaddingMode mode, int side) {
    return switch (mode) {
      case CONSTANT, EDGE -> Integer.MAX_VALUE;
      case REFLECT -> side - 1;
      case SYMMETRIC -> side;
    };
  }

  @Override
  public void apply(byte[] pixels, int offset, RandomStream random) {
    int padding = settings.padding();
    crop(pixels, offset, random.nextInt(2 * padding + 1), random.nextInt(2 * padding + 1));
  }

  /**
   * The window whose first row and column are these of the picture with its border.
   *
   * @param top 0 to twice the padding, as {@code left}
   */
  void crop(byte[] pixels, int offset, int top, int left) {
    int down = top - settings.padding();
    int right = left - settings.padding();
    if (down == 0 && right == 0) {
      return;
    }
    int stride = width * channels;
    System.arraycopy(pixels, offset, source, 0, height * stride);
    for (int y = 0; y < height; y++) {
      int from = inside(y + down, height);
      int row = offset + y * stride;
      if (from == BORDER) {
        Arrays.fill(pixels, row, row + stride, (byte) settings.fill());
      } else {
        cropRow(pixels, row, from * stride, right);
      }
    }
  }

  /** The middle in one piece, the border pixel by pixel. */
  private void cropRow(byte[] pixels, int row, int from, int right) {
    int first = Math.min(width, Math.max(0, -right));
    int end = Math.max(first, Math.min(width, width - right));
    border(pixels, row, from, right, 0, first);
    System.arraycopy(
        source,
        from + (first + right) * channels,
        pixels,
        row + first * channels,
        (end - first) * channels);
    border(pixels, row, from, right, end, width);
  }

  private void border(byte[] pixels, int row, int from, int right, int first, int end) {
    for (int x = first; x < end; x++) {
      int column = inside(x + right, width);
      for (int c = 0; c < channels; c++) {
        pixels[row + x * channels + c] =
            column == BORDER ? (byte) settings.fill() : source[from + column * channels + c];
      }
    }
  }

  /** Which of a side's pixels stands at a place inside or beside it, or {@link #BORDER}. */
  private int inside(int place, int side) {
    if (place >= 0 && place < side) {
      return place;
    }
    return switch (settings.paddingMode()) {
      case CONSTANT -> BORDER;
      case EDGE -> place < 0 ? 0 : side - 1;
      case REFLECT -> place < 0 ? -place : 2 * (side - 1) - place;
      case SYMMETRIC -> place < 0 ? -place - 1 : 2 * side - 1 - place;
    };
  }
}
