package dev.tessera.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatExpr;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * OpenCV's codecs: a file to a picture of 8 bits, grey or in colours, as it is stored (not turned)
 * and without transparency. Owns native buffers; stays on its thread.
 */
final class PictureCodec implements AutoCloseable {
  private static final int AS_STORED = opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
  private static final int COLOUR = opencv_imgcodecs.IMREAD_COLOR_BGR | AS_STORED;
  private static final int RGB = opencv_imgcodecs.IMREAD_COLOR_RGB | AS_STORED;
  private static final int GREY = opencv_imgcodecs.IMREAD_GRAYSCALE | AS_STORED;
  private static final int EVERYTHING = opencv_imgcodecs.IMREAD_UNCHANGED;

  /** 65535 is 255 times 257. */
  private static final double TO_EIGHT_BITS = 1 / 257.0;

  private final Colour background;
  private final boolean grey;
  private final Mat decoded = new Mat();
  private final Mat narrowed = new Mat();
  private final Mat opaque = new Mat();
  private BytePointer input = new BytePointer(1 << 16);
  private byte[] needed = new byte[0];
  private int[] pixels = new int[0];
  private byte[] blended = new byte[0];

  /** Type of the last TIFF picture with transparency or wide samples: the next is likely alike. */
  private int wideType = opencv_core.CV_8UC4;

  /**
   * Loads the native library.
   *
   * @param grey colours may be left out where that is cheaper
   */
  PictureCodec(Colour background, boolean grey) {
    this.background = background;
    this.grey = grey;
  }

  /**
   * Decodes a picture.
   *
   * @param reduction 1, or for JPEG 2, 4 or 8: the part of its sides that it is decoded at, rounded
   *     up
   * @return a buffer of ours, which the next picture is written over
   * @throws DecodeFailure if it can't be used
   */
  Mat decode(byte[] file, int length, ImageHeader header, int reduction) throws DecodeFailure {
    try {
      return switch (header.format()) {
        case JPEG -> decoded(file, length, header, jpegFlags(header, reduction));
        case PNG -> png(file, length, header);
        case BMP -> bmp(file, length, header);
        case TIFF -> tiff(file, length, header);
        case GIF, WEBP -> withoutAlpha(file, length, header);
      };
    } catch (RuntimeException e) {
      throw refused(e, header);
    }
  }

  /** JPEG's own reduced decoding takes a fraction of the time, and grey needs one plane alone. */
  private int jpegFlags(ImageHeader header, int reduction) {
    boolean one = header.colours() == 1 || (grey && header.colours() == 3);
    // IMREAD_REDUCED_GRAYSCALE_2 is 16, IMREAD_REDUCED_COLOR_2 17, and so on for 4 and 8.
    int colours = givesRgb(header) ? RGB : COLOUR;
    return (one ? GREY : colours) | (reduction == 1 ? 0 : 8 * reduction);
  }

  /**
   * Whether the picture comes with red first, else blue is. libjpeg writes it so at no cost; the
   * others are left as OpenCV's users know them.
   */
  static boolean givesRgb(ImageHeader header) {
    return header.format() == ImageFormat.JPEG && header.colours() == 3;
  }

  private Mat png(byte[] file, int length, ImageHeader header) throws DecodeFailure {
    PngChunks chunks = new PngChunks(file, length);
    if (needed.length < length) {
      needed = new byte[length];
    }
    int neededLength = chunks.copyNeeded(needed);
    int key = chunks.transparentGrey();
    if (key < 0) {
      return withoutAlpha(needed, neededLength, header);
    }
    Mat grey = decoded(needed, neededLength, header, EVERYTHING);
    return grey.channels() == 1 ? keyed(grey, key, header) : opaque(grey, header);
  }

  private Mat keyed(Mat grey, int key, ImageHeader header) throws DecodeFailure {
    try (MatExpr isKey = opencv_core.equals(grey, key);
        Mat mask = isKey.asMat();
        Mat under = new Mat(background.blue(), background.green(), background.red(), 0.0)) {
      opencv_imgproc.cvtColor(eightBits(grey, header), opaque, opencv_imgproc.COLOR_GRAY2BGR);
      opaque.setTo(under, mask);
    }
    return opaque;
  }

  private Mat bmp(byte[] file, int length, ImageHeader header) throws DecodeFailure {
    Mat picture = withoutAlpha(file, length, header);
    BmpHeader bmp = new BmpHeader(new HeaderBytes(file, length, false));
    if (bmp.hasSixteenBits() && header.alpha() == Alpha.NONE) {
      widen(picture, bmp.hasSixBitsOfGreen() ? 6 : 5);
    }
    return picture;
  }

  /** OpenCV leaves the low bits of 5 zero, so that white is 248. */
  private static void widen(Mat picture, int greenBits) {
    byte[] values = new byte[3 * 256];
    for (int value = 0; value < 256; value++) {
      values[3 * value] = (byte) (value | value >> 5);
      values[3 * value + 1] = (byte) (value | value >> greenBits);
      values[3 * value + 2] = (byte) (value | value >> 5);
    }
    try (BytePointer bytes = new BytePointer(values);
        Mat table = new Mat(1, 256, opencv_core.CV_8UC3, bytes)) {
      opencv_core.LUT(picture, table, picture);
    }
  }

  /**
   * A damaged file may leave parts of the buffer unwritten, and what was in memory before must not
   * be seen in a picture.
   */
  private Mat tiff(byte[] file, int length, ImageHeader header) throws DecodeFailure {
    boolean plain = header.alpha() == Alpha.NONE;
    int flags = plain ? COLOUR : EVERYTHING;
    int type = plain ? opencv_core.CV_8UC3 : wideType;
    int rows = (int) header.height();
    int columns = (int) header.width();
    decoded.create(rows, columns, type);
    try (Scalar zero = Scalar.all(0)) {
      decoded.put(zero);
      long cleared = address(decoded);
      decoded(file, length, header, flags);
      // New memory may begin where the old did, and reach further.
      if (address(decoded) != cleared || !isOf(decoded, rows, columns, type)) {
        // Of another size or type than we thought, as now it is: once more, into the same.
        decoded.put(zero);
        decoded(file, length, header, flags);
      }
    }
    Mat picture = eightBits(decoded, header);
    if (!plain) {
      // Not before: types that are refused may take more memory.
      wideType = decoded.type();
    }
    return opaque(picture, header);
  }

  private static boolean isOf(Mat picture, int rows, int columns, int type) {
    return picture.rows() == rows && picture.cols() == columns && picture.type() == type;
  }

  private static long address(Mat picture) {
    try (BytePointer data = picture.data()) {
      return data.address();
    }
  }

  private Mat withoutAlpha(byte[] file, int length, ImageHeader header) throws DecodeFailure {
    int flags = header.alpha() == Alpha.NONE ? COLOUR : EVERYTHING;
    return opaque(eightBits(decoded(file, length, header, flags), header), header);
  }

  private Mat decoded(byte[] file, int length, ImageHeader header, int flags) throws DecodeFailure {
    fill(file, length);
    try (Mat bytes = new Mat(1, length, opencv_core.CV_8UC1, input);
        Mat picture = opencv_imgcodecs.imdecode(bytes, flags, decoded)) {
      // What is returned, not the buffer: that one still holds the picture before.
      if (picture.empty()) {
        throw failure("is damaged or of an unsupported kind", header);
      }
    }
    return decoded;
  }

  private Mat eightBits(Mat picture, ImageHeader header) throws DecodeFailure {
    if (picture.depth() == opencv_core.CV_8U) {
      return picture;
    }
    if (picture.depth() != opencv_core.CV_16U) {
      throw failure("has samples of neither 8 nor 16 bits", header);
    }
    picture.convertTo(narrowed, opencv_core.CV_8U, TO_EIGHT_BITS, 0);
    return narrowed;
  }

  private Mat opaque(Mat picture, ImageHeader header) throws DecodeFailure {
    if (picture.channels() == 1 || picture.channels() == 3) {
      return picture;
    }
    if (picture.channels() != 4) {
      throw failure("has " + picture.channels() + " samples a pixel", header);
    }
    boolean multiplied = header.alpha() == Alpha.MULTIPLIED;
    opaque.create(picture.rows(), picture.cols(), opencv_core.CV_8UC3);
    int columns = picture.cols();
    if (pixels.length != columns) {
      pixels = new int[columns];
      blended = new byte[3 * columns];
    }
    for (int y = 0; y < picture.rows(); y++) {
      try (BytePointer from = picture.ptr(y);
          BytePointer to = opaque.ptr(y)) {
        from.capacity(4L * columns);
        ByteBuffer row = from.asByteBuffer();
        IntBuffer ints = row.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        ints.get(pixels);
        blend(multiplied);
        to.put(blended, 0, blended.length);
      }
    }
    return opaque;
  }

  private void blend(boolean multiplied) {
    for (int i = 0; i < pixels.length; i++) {
      int pixel = pixels[i];
      int alpha = pixel >>> 24;
      int over = multiplied ? 255 : alpha;
      blended[3 * i] = blend(pixel & 0xff, over, background.blue(), 255 - alpha);
      blended[3 * i + 1] = blend((pixel >>> 8) & 0xff, over, background.green(), 255 - alpha);
      blended[3 * i + 2] = blend((pixel >>> 16) & 0xff, over, background.red(), 255 - alpha);
    }
  }

  private static byte blend(int value, int over, int background, int under) {
    return (byte) Math.min(255, (value * over + background * under + 127) / 255);
  }

  private void fill(byte[] bytes, int length) {
    if (input.capacity() < length) {
      input.close();
      input = new BytePointer(Math.max((long) length, 2 * input.capacity()));
    }
    input.put(bytes, 0, length);
  }

  private static DecodeFailure failure(String what, ImageHeader header) {
    return new DecodeFailure("the " + header.format() + " picture " + what, 0);
  }

  /** OpenCV's text, without the file and line of OpenCV's source in front. */
  private static DecodeFailure refused(RuntimeException e, ImageHeader header) {
    if (e.getClass() != RuntimeException.class) {
      // What OpenCV throws comes as that class itself; any other is a defect of ours.
      throw e;
    }
    String text = String.valueOf(e.getMessage()).replaceAll("\\s+", " ").trim();
    if (text.contains("Insufficient memory")) {
      // The machine's trouble, not the picture's: whether it is left out must not depend on it.
      throw e;
    }
    String reason = text.replaceFirst("^OpenCV\\([^)]*\\) ([^ ]+: )?error: ", "");
    return failure("is refused: " + reason, header);
  }

  /** A picture around pixels of ours, to be closed. */
  Mat around(byte[] values, int rows, int columns, int channels) {
    fill(values, values.length);
    int type = channels == 1 ? opencv_core.CV_8UC1 : opencv_core.CV_8UC3;
    return new Mat(rows, columns, type, input);
  }

  /** Gives the memory of a large picture back. */
  void release() {
    decoded.release();
    narrowed.release();
    opaque.release();
  }

  @Override
  public void close() {
    input.close();
    opaque.close();
    narrowed.close();
    decoded.close();
  }
}
