package dev.tessera.engine.onednn;

import dev.tessera.engine.MemoryPlan;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Workload;
import dev.tessera.network.Dropout;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.Shape;
import java.util.Set;
import java.util.TreeSet;

/**
 * An upper estimate of a replica's native memory, from the shapes alone. What is really planned is
 * known only when the primitives are, on the executor.
 *
 * <ul>
 *   <li>parameters: one copy, one of gradients, and the updater's state;
 *   <li>activations, with channels rounded up to 16, the block of the widest layout: of every layer
 *       its output, and that again as a mask for dropout; and four times the largest one for
 *       gradients and copies in other layouts;
 *   <li>workspace: three copies of the weights in layouts of the primitives, and what oneDNN asks
 *       for: twice the largest activation and 16 MB;
 *   <li>of convolutions that {@link Winograd} may do, in float, if it has few threads and a
 *       processor for it: their inputs at the points, of a minibatch that goes there in one piece;
 *       of the largest piece of all, inputs and results at the points and the gradients of inputs;
 *       weights at the points, twice as many as there are, in the plain layout, and the largest of
 *       them three times more.
 * </ul>
 */
final class OneDnnMemory {
  private static final int BLOCK = 16;
  private static final long SCRATCH_BYTES = 16L << 20;

  private OneDnnMemory() {}

  static MemoryPlan plan(Workload workload, Precision precision) {
    NetworkPlan network = workload.network();
    long values = values(network.input());
    long largest = values;
    for (LayerPlan layer : network.layers()) {
      long output = values(layer.output());
      values += layer.spec() instanceof Dropout ? 2 * output : output;
      largest = Math.max(largest, output);
    }
    long valueBytes = precision == Precision.BFLOAT16 ? Short.BYTES : Float.BYTES;
    long exampleBytes = valueBytes * (values + 4 * largest);
    int batch = workload.batchSize();
    Points points = Points.of(network, precision, batch, batch);
    long activationBytes = 0;
    // A smaller minibatch may be one piece and keep what a larger one does not.
    for (int size : points.sizes) {
      Points some = Points.of(network, precision, batch, size);
      activationBytes =
          Math.max(
              activationBytes,
              size * exampleBytes + (long) Float.BYTES * (some.kept + points.piece));
    }
    long parameterBytes = (long) Float.BYTES * network.parameterCount();
    return new MemoryPlan(
        2 * parameterBytes + (long) Float.BYTES * workload.updaterStateCount(),
        activationBytes,
        3 * parameterBytes
            + (long) Float.BYTES * (points.weights + 3 * points.mostWeights)
            + 2 * valueBytes * batch * largest
            + SCRATCH_BYTES);
  }

  /**
   * Values at the points.
   *
   * @param sizes of minibatches that may take the most memory
   * @param kept from the forward to the backward pass, of all layers
   * @param piece most of them at a time besides
   * @param weights of all layers
   * @param mostWeights of one layer
   */
  private record Points(Set<Integer> sizes, long kept, long piece, long weights, long mostWeights) {
    /**
     * @param batch a full minibatch
     * @param size of the one that is to run
     */
    static Points of(NetworkPlan network, Precision precision, int batch, int size) {
      Set<Integer> sizes = new TreeSet<>(Set.of(batch));
      long kept = 0;
      long most = 0;
      long weights = 0;
      long mostWeights = 0;
      for (LayerPlan layer : network.layers()) {
        // Whatever pays in training does in inference, whose pieces are no larger.
        if (precision == Precision.FLOAT && WinogradChoice.pays(layer, batch, 1, false)) {
          Shape.Image output = (Shape.Image) layer.output();
          int piece = WinogradChoice.together(layer, batch, true);
          long inputValues = WinogradChoice.valuesAtPoints((Shape.Image) layer.input(), output);
          long input = piece * inputValues;
          long result = piece * WinogradChoice.valuesAtPoints(output, output);
          long all = layer.parameters().stream().mapToLong(ParameterBlock::size).sum();
          long atPoints = Winograd.POINTS * all / Winograd.TAPS;
          sizes.add(piece);
          kept += WinogradChoice.together(layer, size, true) == size ? size * inputValues : 0;
          most = Math.max(most, 2 * input + result);
          weights += atPoints;
          mostWeights = Math.max(mostWeights, atPoints);
        }
      }
      return new Points(sizes, kept, most, weights, mostWeights);
    }
  }

  private static long values(Shape shape) {
    if (shape instanceof Shape.Image image) {
      long channels = (image.channels() + BLOCK - 1L) / BLOCK * BLOCK;
      return channels * image.height() * image.width();
    }
    return (shape.size() + BLOCK - 1L) / BLOCK * BLOCK;
  }
}
