package dev.tessera.image;

import dev.tessera.network.Shape;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Makes JPEG files of pictures of one shape, through OpenCV. Owns native buffers; stays on its
 * thread.
 */
public final class JpegEncoder implements AutoCloseable {
  private final Shape.Image shape;
  private final IntPointer settings;
  private final BytePointer pixels;
  private final BytePointer file = new BytePointer();
  private final Mat turned = new Mat();

  /**
   * Loads the native codec.
   *
   * @param quality 1 to 100, as libjpeg takes it
   */
  public JpegEncoder(Shape.Image shape, int quality) {
    this.shape = shape;
    this.settings = new IntPointer(opencv_imgcodecs.IMWRITE_JPEG_QUALITY, quality);
    this.pixels = new BytePointer(shape.size());
    opencv_core.setNumThreads(1);
  }

  /**
   * The file of a picture.
   *
   * @param picture height x width x channels bytes: grey, or red, green and blue
   */
  public byte[] encode(byte[] picture) {
    pixels.put(picture, 0, shape.size());
    boolean grey = shape.channels() == 1;
    int type = grey ? opencv_core.CV_8UC1 : opencv_core.CV_8UC3;
    try (Mat source = new Mat(shape.height(), shape.width(), type, pixels)) {
      if (!grey) {
        opencv_imgproc.cvtColor(source, turned, opencv_imgproc.COLOR_RGB2BGR);
      }
      if (!opencv_imgcodecs.imencode(".jpg", grey ? source : turned, file, settings)) {
        throw new IllegalStateException("OpenCV can't make a JPEG file of " + shape);
      }
      byte[] bytes = new byte[Math.toIntExact(file.limit())];
      file.get(bytes);
      return bytes;
    }
  }

  /** Frees the native buffers. May be called twice. */
  @Override
  public void close() {
    turned.close();
    file.close();
    pixels.close();
    settings.close();
  }
}
