package dev.tessera.run;

import dev.tessera.stats.Histogram;
import dev.tessera.tfrecord.ProtobufWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What TensorBoard is to show of one step: {@code tensorflow.Event} with a summary. Its length
 * depends on tags and the step alone, not on values or the time.
 */
public final class TensorBoardEvent {
  /** Fields of {@code tensorflow.Event}. */
  static final int WALL_TIME = 1;

  static final int STEP = 2;
  static final int FILE_VERSION = 3;
  static final int SUMMARY = 5;

  /** Of {@code tensorflow.Summary}, and of its values. */
  static final int VALUE = 1;

  static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;
  private static final int HISTOGRAM = 5;

  /** Of the format; readers take it for what TensorFlow writes. */
  private static final String VERSION = "brain.Event:2";

  private final int step;
  private final ProtobufWriter summary = new ProtobufWriter();

  /** An event without any figures yet. */
  public TensorBoardEvent(int step) {
    this.step = step;
  }

  /**
   * Adds a number.
   *
   * @param tag unique in the event; what is before a slash groups it
   * @param value written as a float; NaN and infinite ones too, which TensorBoard marks
   */
  public TensorBoardEvent scalar(String tag, double value) {
    summary.message(
        VALUE, new ProtobufWriter().text(TAG, tag).float32(SIMPLE_VALUE, (float) value));
    return this;
  }

  /**
   * Adds a histogram, unless it counts nothing.
   *
   * @param tag unique in the event; what is before a slash groups it
   * @param mean of what it counts
   * @param standardDeviation of the same
   */
  public TensorBoardEvent histogram(
      String tag, Histogram histogram, double mean, double standardDeviation) {
    List<Double> counts = histogram.counts().stream().map(Long::doubleValue).toList();
    double count = counts.stream().mapToDouble(one -> one).sum();
    if (count > 0) {
      // min, max, num, sum, sum_squares, bucket_limit, bucket
      ProtobufWriter proto =
          new ProtobufWriter()
              .float64(1, histogram.min())
              .float64(2, histogram.max())
              .float64(3, count)
              .float64(4, mean * count)
              .float64(5, (mean * mean + standardDeviation * standardDeviation) * count)
              .float64(6, upperEdges(histogram))
              .float64(7, counts);
      summary.message(VALUE, new ProtobufWriter().text(TAG, tag).message(HISTOGRAM, proto));
    }
    return this;
  }

  private static List<Double> upperEdges(Histogram histogram) {
    int bins = histogram.counts().size();
    double width = (histogram.max() - histogram.min()) / bins;
    List<Double> edges = new ArrayList<>();
    for (int bin = 1; bin < bins; bin++) {
      edges.add(histogram.min() + bin * width);
    }
    edges.add(histogram.max());
    return edges;
  }

  /**
   * The message.
   *
   * @param wallTime seconds since 1970
   */
  byte[] bytes(double wallTime) {
    return new ProtobufWriter()
        .float64(WALL_TIME, wallTime)
        .int64(STEP, step)
        .message(SUMMARY, summary)
        .bytes();
  }

  /** The event that every file begins with. */
  static byte[] version(double wallTime) {
    return new ProtobufWriter().float64(WALL_TIME, wallTime).text(FILE_VERSION, VERSION).bytes();
  }
}
