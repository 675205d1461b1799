package dev.tessera.image;

import dev.tessera.network.Shape;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/**
 * Brings pictures to one shape, one at a time. Owns native buffers, which are used again for every
 * picture; stays on its thread.
 *
 * <p>JPEG, PNG, BMP, GIF (first frame), WebP and TIFF; turned upright by EXIF, 16 bits scaled to 8,
 * transparency blended onto the background. Grey is 0.299 red + 0.587 green + 0.114 blue.
 * docs/images.md says what becomes of which kind of file.
 */
public final class ImageDecoder implements AutoCloseable {
  private static final int AS_IS = -1;

  /** A picture with more pixels than this does not keep its memory for the next. */
  private static final long KEPT_PIXELS = 16_000_000;

  private final ImageSettings image;
  private final PictureCodec codec;
  private final PictureResize resize;
  private final Mat turned = new Mat();
  private final Mat flipped = new Mat();
  private final Mat converted = new Mat();
  private final byte[] rows;

  /** Loads the native codec. */
  public ImageDecoder(ImageSettings image) {
    this.image = image;
    this.codec = new PictureCodec(image.background(), image.channels() == 1);
    this.resize = new PictureResize(image.resize().interpolation());
    this.rows = new byte[image.shape().size()];
    // Spark has a task on every core already.
    opencv_core.setNumThreads(1);
  }

  /**
   * Decodes a picture file to height x width x channels bytes of {@code target} from {@code offset}
   * on.
   *
   * @param encoded the file, in the first {@code length} bytes
   * @throws DecodeFailure if it can't be used
   */
  public void decode(byte[] encoded, int length, byte[] target, int offset) throws DecodeFailure {
    ImageHeader header = ImageHeader.read(encoded, length);
    header.requireAtMost(image.maxPixels(), new HeaderBytes(encoded, length, true));
    try {
      int reduction = Reduction.of(header, image);
      Mat picture = codec.decode(encoded, length, header, reduction);
      int toRgb = PictureCodec.givesRgb(header) ? AS_IS : opencv_imgproc.COLOR_BGR2RGB;
      write(picture, header.orientation(), toRgb, target, offset);
    } catch (DecodeFailure e) {
      // The codec knows the picture, not the file.
      throw DecodeFailure.of(e.reason(), encoded, length);
    } finally {
      if (header.pixels() > KEPT_PIXELS) {
        codec.release();
        resize.release();
      }
    }
  }

  /**
   * Looks at the first bytes of a file. Needs no codec.
   *
   * @throws DecodeFailure if it is of no format that is read
   */
  public static void requirePicture(byte[] encoded, int length) throws DecodeFailure {
    ImageFormat.of(new HeaderBytes(encoded, length, true));
  }

  /**
   * Brings pixels of another shape (channels innermost, 1 or 3) to this decoder's, in {@code
   * target} from {@code offset} on.
   */
  public void convert(byte[] pixels, Shape.Image from, byte[] target, int offset) {
    try (Mat source = codec.around(pixels, from.height(), from.width(), from.channels())) {
      write(source, Orientation.UPRIGHT, AS_IS, target, offset);
    }
  }

  /** Frees the native buffers. May be called twice. */
  @Override
  public void close() {
    converted.close();
    flipped.close();
    turned.close();
    resize.close();
    codec.close();
  }

  /** Resized first: what comes after is then done to few pixels. */
  private void write(Mat picture, Orientation orientation, int toRgb, byte[] target, int offset) {
    boolean across = orientation.transposed();
    Framing framing =
        across
            ? Framing.of(image, picture.rows(), picture.cols())
            : Framing.of(image, picture.cols(), picture.rows());
    Framing.Part seen = framing.stored(orientation, picture.cols(), picture.rows());
    try (Rect rectangle = new Rect(seen.x(), seen.y(), seen.width(), seen.height());
        Mat part = new Mat(picture, rectangle)) {
      int toRows = across ? framing.toWidth() : framing.toHeight();
      int toColumns = across ? framing.toHeight() : framing.toWidth();
      Mat small = resize.resized(part, toRows, toColumns);
      place(coloured(upright(small, orientation), toRgb), framing, target, offset);
    }
  }

  private Mat upright(Mat picture, Orientation orientation) {
    Mat result = picture;
    if (orientation.transposed()) {
      opencv_core.transpose(picture, turned);
      result = turned;
    }
    if (orientation.flippedLeftRight() || orientation.flippedTopBottom()) {
      // 0 is top to bottom, 1 left to right, -1 both
      int axes = !orientation.flippedLeftRight() ? 0 : orientation.flippedTopBottom() ? -1 : 1;
      opencv_core.flip(result, flipped, axes);
      result = flipped;
    }
    return result;
  }

  private Mat coloured(Mat picture, int toRgb) {
    boolean grey = picture.channels() == 1;
    int conversion = toRgb;
    if (image.channels() == 1) {
      int fromColour =
          toRgb == AS_IS ? opencv_imgproc.COLOR_RGB2GRAY : opencv_imgproc.COLOR_BGR2GRAY;
      conversion = grey ? AS_IS : fromColour;
    } else if (grey) {
      conversion = opencv_imgproc.COLOR_GRAY2RGB;
    }
    if (conversion == AS_IS) {
      return picture;
    }
    opencv_imgproc.cvtColor(picture, converted, conversion);
    return converted;
  }

  private void place(Mat picture, Framing framing, byte[] target, int offset) {
    int size = framing.toHeight() * framing.toWidth() * image.channels();
    try (BytePointer data = inOnePiece(picture).data()) {
      if (framing.isWhole(image)) {
        data.get(target, offset, size);
        return;
      }
      data.get(rows, 0, size);
    }
    Padding.around(rows, framing, image, target, offset);
  }

  /** A part of a larger picture has gaps between its rows. */
  private Mat inOnePiece(Mat picture) {
    if (picture.isContinuous()) {
      return picture;
    }
    picture.copyTo(converted);
    return converted;
  }
}
