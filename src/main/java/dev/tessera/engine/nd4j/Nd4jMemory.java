package dev.tessera.engine.nd4j;

import dev.tessera.engine.MemoryPlan;
import dev.tessera.engine.Workload;
import dev.tessera.network.Activation;
import dev.tessera.network.Add;
import dev.tessera.network.Convolution;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.NetworkPlan;

/**
 * An upper estimate of a replica's native memory, from the shapes alone.
 *
 * <p>In floats, for an example, with {@code in} and {@code out} the values of a layer and {@code
 * unrolled} the im2col of a convolution (output area times channels times kernel area, else 0):
 *
 * <ul>
 *   <li>parameters: one copy, one of gradients, and the updater's state;
 *   <li>activations: 3 inputs of the network, and of every layer {@code 3 out + unrolled}, kept for
 *       the backward pass; {@code 3 (in + out)} more for the parts of a grouped convolution, {@code
 *       3 out} more for the sum before an activation;
 *   <li>workspace: the largest {@code 2 unrolled + 4 out} (working memory) and twice the largest
 *       {@code unrolled + 2 (in + out)} (gradients of two neighbouring activations), and 64 MB for
 *       what ND4J and OpenBLAS keep for themselves.
 * </ul>
 *
 * <p>Workspaces belong to the thread, not to the replica: two replicas used in turn by one thread
 * share them. The natives themselves, about 200 MB once a JVM, are not in it.
 */
final class Nd4jMemory {
  private static final long SCRATCH_BYTES = 64L << 20;

  private Nd4jMemory() {}

  static MemoryPlan plan(Workload workload) {
    NetworkPlan network = workload.network();
    long batchBytes = (long) Float.BYTES * workload.batchSize();
    long parameters =
        (long) Float.BYTES * (2L * network.parameterCount() + workload.updaterStateCount());
    return new MemoryPlan(
        parameters,
        batchBytes * activations(network),
        batchBytes * working(network) + SCRATCH_BYTES);
  }

  private static long activations(NetworkPlan network) {
    long values = 3L * network.input().size();
    for (LayerPlan layer : network.layers()) {
      values += 3L * layer.output().size() + unrolled(layer) + parts(layer);
    }
    return values;
  }

  /** What the vertices take that DL4J makes of one layer of ours. */
  private static long parts(LayerPlan layer) {
    if (layer.spec() instanceof Convolution convolution) {
      boolean apart = convolution.groups() > 1 && !convolution.depthwise(layer.input());
      return apart ? 3L * (layer.input().size() + layer.output().size()) : 0;
    }
    return layer.spec() instanceof Add add && add.activation() != Activation.IDENTITY
        ? 3L * layer.output().size()
        : 0;
  }

  private static long working(NetworkPlan network) {
    long working = 0;
    long gradients = 0;
    for (LayerPlan layer : network.layers()) {
      long in = layer.input().size();
      long out = layer.output().size();
      working = Math.max(working, 2 * unrolled(layer) + 4 * out);
      gradients = Math.max(gradients, unrolled(layer) + 2 * (in + out));
    }
    return working + 2 * gradients;
  }

  private static long unrolled(LayerPlan layer) {
    if (!(layer.spec() instanceof Convolution convolution)) {
      return 0;
    }
    long area = (long) layer.output().size() / convolution.filters();
    long window = (long) convolution.kernel().height() * convolution.kernel().width();
    return area * window * channels(layer);
  }

  private static int channels(LayerPlan layer) {
    return ((dev.tessera.network.Shape.Image) layer.input()).channels();
  }
}
