package dev.tessera.engine.onednn;

import dev.tessera.engine.MemoryPlan;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Workload;
import dev.tessera.network.Dropout;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.Shape;

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
 *       for: twice the largest activation and 16 MB.
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
    long batchBytes = valueBytes * workload.batchSize();
    long parameterBytes = (long) Float.BYTES * network.parameterCount();
    return new MemoryPlan(
        2 * parameterBytes + (long) Float.BYTES * workload.updaterStateCount(),
        batchBytes * (values + 4 * largest),
        3 * parameterBytes + 2 * batchBytes * largest + SCRATCH_BYTES);
  }

  private static long values(Shape shape) {
    if (shape instanceof Shape.Image image) {
      long channels = (image.channels() + BLOCK - 1L) / BLOCK * BLOCK;
      return channels * image.height() * image.width();
    }
    return (shape.size() + BLOCK - 1L) / BLOCK * BLOCK;
  }
}
