package dev.tessera.engine.nd4j;

import dev.tessera.engine.Objective;
import dev.tessera.engine.Workload;
import dev.tessera.image.Minibatch;
import org.nd4j.linalg.dataset.DataSet;

/** Minibatches as DL4J's own trainers take them. */
public final class Dl4jDataSets {
  private Dl4jDataSets() {}

  /** Scaled floats [n, channels, height, width] and plain labels, in arrays of their own. */
  public static DataSet of(Minibatch minibatch, Workload workload) {
    PixelInput pixels = new PixelInput(minibatch.shape(), workload.scaling(), minibatch.size());
    LabelInput labels = new LabelInput(workload.network(), Objective.PLAIN, minibatch.size());
    return new DataSet(pixels.fill(minibatch), labels.fill(minibatch));
  }
}
