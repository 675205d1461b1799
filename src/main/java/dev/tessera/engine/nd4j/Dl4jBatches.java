package dev.tessera.engine.nd4j;

import dev.tessera.engine.Workload;
import dev.tessera.image.Minibatch;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Minibatches as DL4J's own {@link DataSet}: scaled NCHW floats and one column a class. For DL4J's
 * own trainers. Owns its buffers.
 */
public final class Dl4jBatches implements AutoCloseable {
  private final PixelInput pixels;
  private final LabelInput labels;

  public Dl4jBatches(Workload workload) {
    pixels = new PixelInput(workload.network().input(), workload.scaling(), workload.batchSize());
    labels = new LabelInput(workload.network(), workload.batchSize());
  }

  /** A copy that is independent of the minibatch and of this object. */
  public DataSet of(Minibatch minibatch) {
    return new DataSet(pixels.fill(minibatch).dup('c'), labels.fill(minibatch).dup('c'));
  }

  @Override
  public void close() {
    pixels.close();
    labels.close();
  }
}
