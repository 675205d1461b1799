package dev.tessera.image;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Brings a picture to a size: the mean of the area where a side shrinks, between the pixels where
 * it grows. Owns native buffers; stays on its thread.
 */
final class PictureResize implements AutoCloseable {
  private final AreaRows area = new AreaRows();
  private final int growing;
  private final Mat lower = new Mat();
  private final Mat turned = new Mat();
  private final Mat narrower = new Mat();
  private final Mat shrunk = new Mat();
  private final Mat grown = new Mat();

  PictureResize(ResizeSettings.Interpolation interpolation) {
    growing =
        switch (interpolation) {
          case BILINEAR -> opencv_imgproc.INTER_LINEAR;
          case BICUBIC -> opencv_imgproc.INTER_CUBIC;
        };
  }

  /**
   * Resizes.
   *
   * @return the picture itself, or a buffer of ours, which the next picture is written over
   */
  Mat resized(Mat picture, int rows, int columns) {
    // One side may shrink while the other grows, and no filter is for both at once.
    Mat small = shrunk(picture, Math.min(picture.rows(), rows), Math.min(picture.cols(), columns));
    return scaled(small, rows, columns, growing, grown);
  }

  /** Gives the memory of a large picture back. */
  void release() {
    for (Mat buffer : new Mat[] {lower, turned, narrower}) {
      buffer.release();
    }
  }

  @Override
  public void close() {
    for (Mat buffer : new Mat[] {grown, shrunk, narrower, turned, lower}) {
      buffer.close();
    }
  }

  private Mat shrunk(Mat picture, int rows, int columns) {
    if (picture.rows() > (long) AreaRows.MAX_RATIO * rows
        || picture.cols() > (long) AreaRows.MAX_RATIO * columns) {
      return scaled(picture, rows, columns, opencv_imgproc.INTER_AREA, shrunk);
    }
    Mat fewer = withRows(picture, rows, lower);
    if (picture.cols() == columns) {
      return fewer;
    }
    opencv_core.transpose(fewer, turned);
    opencv_core.transpose(withRows(turned, columns, narrower), shrunk);
    return shrunk;
  }

  private Mat withRows(Mat picture, int rows, Mat into) {
    if (picture.rows() == rows) {
      return picture;
    }
    into.create(rows, picture.cols(), picture.type());
    int rowBytes = (int) (picture.cols() * picture.elemSize());
    try (BytePointer from = picture.data();
        BytePointer to = into.data()) {
      area.shrink(
          bytes(picture, from),
          picture.step(0),
          picture.rows(),
          bytes(into, to),
          into.step(0),
          rows,
          rowBytes);
    }
    return into;
  }

  private static ByteBuffer bytes(Mat picture, BytePointer data) {
    long last = (picture.rows() - 1L) * picture.step(0);
    return data.capacity(last + picture.cols() * picture.elemSize()).asByteBuffer();
  }

  private static Mat scaled(Mat picture, int rows, int columns, int filter, Mat into) {
    if (picture.rows() == rows && picture.cols() == columns) {
      return picture;
    }
    try (Size size = new Size(columns, rows)) {
      opencv_imgproc.resize(picture, into, size, 0, 0, filter);
    }
    return into;
  }
}
