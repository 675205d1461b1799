package dev.tessera.image;

import dev.tessera.network.Shape;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Brings pictures to one shape through OpenCV, one at a time. Owns native buffers, which are used
 * again for every picture; stays on its thread.
 *
 * <p>JPEG, PNG, BMP, GIF (first frame), WebP and TIFF; turned upright by EXIF, cut to 8 bits, alpha
 * dropped. Stretched to the shape: the mean of the area where a side shrinks, bilinear where it
 * grows. Grey is 0.299 red + 0.587 green + 0.114 blue.
 */
public final class ImageDecoder implements AutoCloseable {
  private static final int AS_IS = -1;

  /** A picture with more pixels than this does not keep its memory for the next. */
  private static final long KEPT_PIXELS = 16_000_000;

  private final Shape.Image shape;
  private final long maxPixels;
  private final Mat decoded = new Mat();
  private final Mat shrunk = new Mat();
  private final Mat grown = new Mat();
  private final Mat converted = new Mat();
  private BytePointer input = new BytePointer(1 << 16);

  /**
   * Loads the native codec.
   *
   * @param maxPixels pictures of more are refused by their header, at most {@link
   *     ImageSettings#MAX_PIXELS_LIMIT}
   */
  public ImageDecoder(Shape.Image shape, long maxPixels) {
    this.shape = shape;
    this.maxPixels = maxPixels;
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
    header.requireAtMost(maxPixels, length);
    try {
      decode(encoded, length, header, target, offset);
    } catch (RuntimeException e) {
      throw failure(e, header, length);
    } finally {
      if (header.pixels() > KEPT_PIXELS) {
        decoded.release();
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
    fill(pixels, pixels.length);
    int type = from.channels() == 1 ? opencv_core.CV_8UC1 : opencv_core.CV_8UC3;
    int toGrey = from.channels() == 1 ? AS_IS : opencv_imgproc.COLOR_RGB2GRAY;
    int toColour = from.channels() == 1 ? opencv_imgproc.COLOR_GRAY2RGB : AS_IS;
    try (Mat source = new Mat(from.height(), from.width(), type, input)) {
      write(source, shape.channels() == 1 ? toGrey : toColour, target, offset);
    }
  }

  /** Frees the native buffers. May be called twice. */
  @Override
  public void close() {
    for (AutoCloseable buffer : new AutoCloseable[] {input, converted, grown, shrunk, decoded}) {
      try {
        buffer.close();
      } catch (Exception e) {
        throw new IllegalStateException("Cannot free a native buffer", e);
      }
    }
  }

  private void decode(byte[] encoded, int length, ImageHeader header, byte[] target, int offset)
      throws DecodeFailure {
    fill(encoded, length);
    try (Mat file = new Mat(1, length, opencv_core.CV_8UC1, input);
        Mat picture = opencv_imgcodecs.imdecode(file, opencv_imgcodecs.IMREAD_COLOR_BGR, decoded)) {
      // What is returned, not the buffer: that one still holds the picture before.
      if (picture.empty() || picture.type() != opencv_core.CV_8UC3) {
        throw new DecodeFailure(
            "the " + header.format() + " picture is damaged or of an unsupported kind", length);
      }
      boolean grey = shape.channels() == 1;
      write(
          picture,
          grey ? opencv_imgproc.COLOR_BGR2GRAY : opencv_imgproc.COLOR_BGR2RGB,
          target,
          offset);
    }
  }

  /** Resized first: colours are then converted for few pixels. */
  private void write(Mat picture, int conversion, byte[] target, int offset) {
    Mat resized = resized(picture);
    if (conversion != AS_IS) {
      opencv_imgproc.cvtColor(resized, converted, conversion);
      resized = converted;
    }
    try (BytePointer data = resized.data()) {
      data.get(target, offset, shape.size());
    }
  }

  /** One side may shrink while the other grows, and OpenCV has no filter for both at once. */
  private Mat resized(Mat picture) {
    Mat small =
        resized(
            picture,
            Math.min(picture.rows(), shape.height()),
            Math.min(picture.cols(), shape.width()),
            opencv_imgproc.INTER_AREA,
            shrunk);
    return resized(small, shape.height(), shape.width(), opencv_imgproc.INTER_LINEAR, grown);
  }

  private static Mat resized(Mat picture, int rows, int columns, int filter, Mat into) {
    if (picture.rows() == rows && picture.cols() == columns) {
      return picture;
    }
    try (Size size = new Size(columns, rows)) {
      opencv_imgproc.resize(picture, into, size, 0, 0, filter);
    }
    return into;
  }

  private void fill(byte[] bytes, int length) {
    if (input.capacity() < length) {
      input.close();
      input = new BytePointer(Math.max((long) length, 2 * input.capacity()));
    }
    input.put(bytes, 0, length);
  }

  /** OpenCV's text, without the file and line of OpenCV's source in front. */
  private static DecodeFailure failure(RuntimeException e, ImageHeader header, int length) {
    String text = String.valueOf(e.getMessage()).replaceAll("\\s+", " ").trim();
    if (text.contains("Insufficient memory")) {
      // The machine's trouble, not the picture's: whether it is left out must not depend on it.
      throw e;
    }
    String reason = text.replaceFirst("^OpenCV\\([^)]*\\) ([^ ]+: )?error: ", "");
    return new DecodeFailure("the " + header.format() + " picture is refused: " + reason, length);
  }
}
