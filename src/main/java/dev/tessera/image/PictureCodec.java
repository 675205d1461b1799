package dev.tessera.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * OpenCV's codecs: a file to a picture of 8 bits, grey or blue, green, red, as it is stored (not
 * turned) and without transparency. Owns native buffers; stays on its thread.
 */
final class PictureCodec implements AutoCloseable {
  private static final int AS_STORED = opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
  private static final int COLOUR = opencv_imgcodecs.IMREAD_COLOR_BGR | AS_STORED;
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
        case PNG -> decoded(file, png(file, length), header, EVERYTHING);
        case BMP -> decoded(file, length, header, header.colours() == 4 ? EVERYTHING : COLOUR);
        case GIF, WEBP, TIFF -> decoded(file, length, header, EVERYTHING);
      };
    } catch (RuntimeException e) {
      throw refused(e, header, file, length);
    }
  }

  /** JPEG's own reduced decoding takes a fraction of the time, and grey needs one plane alone. */
  private int jpegFlags(ImageHeader header, int reduction) {
    boolean one = header.colours() == 1 || (grey && header.colours() == 3);
    // IMREAD_REDUCED_GRAYSCALE_2 is 16, IMREAD_REDUCED_COLOR_2 17, and so on for 4 and 8.
    return (one ? GREY : COLOUR) | (reduction == 1 ? 0 : 8 * reduction);
  }

  private int png(byte[] file, int length) throws DecodeFailure {
    if (needed.length < length) {
      needed = new byte[Math.max(length, (int) Math.min(2L * needed.length, 1 << 30))];
    }
    return new PngChunks(file, length).copyNeeded(needed);
  }

  private Mat decoded(byte[] file, int length, ImageHeader header, int flags) throws DecodeFailure {
    if (header.format() == ImageFormat.PNG) {
      fill(needed, length);
    } else {
      fill(file, length);
    }
    try (Mat bytes = new Mat(1, length, opencv_core.CV_8UC1, input);
        Mat picture = opencv_imgcodecs.imdecode(bytes, flags, decoded)) {
      // What is returned, not the buffer: that one still holds the picture before.
      if (picture.empty()) {
        throw DecodeFailure.of(
            "the " + header.format() + " picture is damaged or of an unsupported kind",
            file,
            length);
      }
    }
    return opaque(eightBits(file, length, header));
  }

  private Mat eightBits(byte[] file, int length, ImageHeader header) throws DecodeFailure {
    if (decoded.depth() == opencv_core.CV_8U) {
      return decoded;
    }
    if (decoded.depth() != opencv_core.CV_16U) {
      throw DecodeFailure.of(
          "the "
              + header.format()
              + " picture is of an unsupported kind: its samples are neither"
              + " 8 nor 16 bits wide",
          file,
          length);
    }
    decoded.convertTo(narrowed, opencv_core.CV_8U, TO_EIGHT_BITS, 0);
    return narrowed;
  }

  private Mat opaque(Mat picture) {
    if (picture.channels() != 4) {
      return picture;
    }
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
        blend();
        to.put(blended, 0, blended.length);
      }
    }
    return opaque;
  }

  private void blend() {
    for (int i = 0; i < pixels.length; i++) {
      int pixel = pixels[i];
      int alpha = pixel >>> 24;
      blended[3 * i] = blend(pixel & 0xff, background.blue(), alpha);
      blended[3 * i + 1] = blend(pixel >>> 8 & 0xff, background.green(), alpha);
      blended[3 * i + 2] = blend(pixel >>> 16 & 0xff, background.red(), alpha);
    }
  }

  private static byte blend(int over, int under, int alpha) {
    return (byte) ((over * alpha + under * (255 - alpha) + 127) / 255);
  }

  private void fill(byte[] bytes, int length) {
    if (input.capacity() < length) {
      input.close();
      input = new BytePointer(Math.max((long) length, 2 * input.capacity()));
    }
    input.put(bytes, 0, length);
  }

  /** OpenCV's text, without the file and line of OpenCV's source in front. */
  private static DecodeFailure refused(
      RuntimeException e, ImageHeader header, byte[] file, int length) {
    String text = String.valueOf(e.getMessage()).replaceAll("\\s+", " ").trim();
    if (text.contains("Insufficient memory")) {
      // The machine's trouble, not the picture's: whether it is left out must not depend on it.
      throw e;
    }
    String reason = text.replaceFirst("^OpenCV\\([^)]*\\) ([^ ]+: )?error: ", "");
    return DecodeFailure.of(
        "the " + header.format() + " picture is refused: " + reason, file, length);
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
