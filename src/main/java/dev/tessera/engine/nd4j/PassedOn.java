package dev.tessera.engine.nd4j;

import dev.tessera.engine.ActivationListener;
import dev.tessera.network.LayerPlan;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Hands what DL4J's layers give to a listener under our layers. DL4J has no layers for some that
 * pass on what they get (flatten), and of some of ours it has parts (groups).
 */
final class PassedOn implements Dl4jNetwork.Given {
  private final List<LayerPlan> layers;
  private final ActivationListener listener;
  private float[] last;
  private int next;

  PassedOn(List<LayerPlan> layers, INDArray pictures, ActivationListener listener) {
    this.layers = layers;
    this.listener = listener;
    this.last = values(pictures);
  }

  @Override
  public void layer(String name, INDArray given) {
    if (layers.stream().noneMatch(layer -> layer.name().equals(name))) {
      return;
    }
    while (!layers.get(next).name().equals(name)) {
      hand();
    }
    last = values(given);
    hand();
  }

  private void hand() {
    listener.layer(layers.get(next++), last.clone());
  }

  private static float[] values(INDArray array) {
    try (INDArray rows = array.dup('c')) {
      float[] values = new float[Math.toIntExact(rows.length())];
      rows.data().asNioFloat().get(0, values);
      return values;
    }
  }
}
