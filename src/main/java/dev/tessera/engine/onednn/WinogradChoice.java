package dev.tessera.engine.onednn;

import dev.tessera.network.Convolution;
import dev.tessera.network.Extent;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.Shape;

/**
 * Which convolutions are faster by fewer multiplications ({@link Winograd}) than as they are, by
 * their shapes alone: what decides bits must not depend on a clock.
 *
 * <p>The figures are of single layers of 16 to 512 channels, kernels 1 to 5 wide, on 3 x 3 to 56 x
 * 56 pixels, in both ways on an AMD EPYC with AVX-512: those that it takes ran at 1.0 to 1.5 times
 * the speed in training, whole steps of a small network around them, and 1.0 to 1.6 in inference,
 * all of a minibatch at the points at once.
 */
final class WinogradChoice {
  /** Multiplications in the time in which a value goes to a point or comes from it. */
  private static final long MULTIPLICATIONS_A_VALUE = 35;

  /**
   * In training, in the time in which a weight of one row goes to points, and its gradient back.
   */
  private static final long MULTIPLICATIONS_A_WEIGHT = 150;

  /** The same where the gradients at the points don't fit into a processor's own cache. */
  private static final long MULTIPLICATIONS_A_WEIGHT_IN_MEMORY = 2000;

  private static final long CACHE_BYTES = 2L << 20;

  /** With fewer, windows of one row are too few at a time. */
  private static final int LEAST_ROWS = 4;

  /** Rows are taken to points and back by one thread, however many multiply. */
  private static final int MOST_THREADS = 2;

  /**
   * What is at the points at a time, inputs and results; but at least the bytes of the weights
   * there, which every piece reads.
   */
  private static final long PIECE_BYTES = 1L << 20;

  /**
   * In training at least so many times the bytes of the weights at the points, whose gradients are
   * added up piece by piece.
   */
  private static final long PIECE_WEIGHTS = 16;

  /** So that operations, and the time to compile them, don't grow with the minibatch. */
  private static final int MOST_PIECES = 16;

  private WinogradChoice() {}

  /**
   * Whether it pays for a layer.
   *
   * @param threads native threads
   * @param training else inference, whose weights stay at the points
   */
  static boolean pays(LayerPlan layer, int batch, int threads, boolean training) {
    if (threads > MOST_THREADS
        || !(layer.spec() instanceof Convolution convolution)
        || convolution.groups() != 1
        || convolution.kernel().height() != Winograd.TAPS
        || !convolution.stride().equals(Extent.ONE)
        || convolution.dilation().height() != 1) {
      return false;
    }
    Shape.Image input = (Shape.Image) layer.input();
    Shape.Image output = (Shape.Image) layer.output();
    long rows = output.height();
    long rowsOfPoints = (long) Winograd.POINTS * Winograd.tiles(output.height());
    long columns = (long) batch * output.width();
    long weights = weightsAtPoints(layer) / Winograd.POINTS;
    long weightBytes = Float.BYTES * weightsAtPoints(layer);
    long valueBytes =
        (long) Float.BYTES
            * together(layer, batch, training)
            * Math.max(valuesAtPoints(input, output), valuesAtPoints(output, output));
    double saved = (double) weights * columns * (Winograd.TAPS * rows - rowsOfPoints);
    double values = (double) (input.channels() + output.channels()) * columns * rowsOfPoints;
    double paid =
        values * MULTIPLICATIONS_A_VALUE
            + (training ? (double) weights * multiplicationsAWeight(weightBytes) : 0);
    // Java counts no more bytes of a tensor than an int does.
    return saved > paid
        && rows >= LEAST_ROWS
        && Math.max(valueBytes, weightBytes) <= Integer.MAX_VALUE;
  }

  /** How many examples go to the points and back at a time, 1 to {@code batch}. */
  static int together(LayerPlan layer, int batch, boolean training) {
    long weightBytes = (training ? PIECE_WEIGHTS : 1) * Float.BYTES * weightsAtPoints(layer);
    long pieceBytes = Math.max(PIECE_BYTES, weightBytes);
    Shape.Image output = (Shape.Image) layer.output();
    long example =
        Float.BYTES
            * (valuesAtPoints((Shape.Image) layer.input(), output)
                + valuesAtPoints(output, output));
    // Java counts no more bytes of a tensor than an int does.
    long fitting = Math.min(pieceBytes, Integer.MAX_VALUE) / example;
    int least = (batch + MOST_PIECES - 1) / MOST_PIECES;
    return (int) Math.max(least, Math.min(batch, fitting));
  }

  /** Of one example. */
  static long valuesAtPoints(Shape.Image image, Shape.Image output) {
    long rows = (long) Winograd.POINTS * Winograd.tiles(output.height());
    return rows * image.width() * image.channels();
  }

  private static long weightsAtPoints(LayerPlan layer) {
    Convolution convolution = (Convolution) layer.spec();
    return (long) Winograd.POINTS
        * convolution.kernel().width()
        * ((Shape.Image) layer.input()).channels()
        * ((Shape.Image) layer.output()).channels();
  }

  private static long multiplicationsAWeight(long weightBytes) {
    return weightBytes > CACHE_BYTES
        ? MULTIPLICATIONS_A_WEIGHT_IN_MEMORY
        : MULTIPLICATIONS_A_WEIGHT;
  }
}
