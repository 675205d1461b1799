package dev.tessera.engine.nd4j;

import dev.tessera.engine.Support;
import dev.tessera.engine.Workload;
import dev.tessera.network.Convolution;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.Pooling;

/** Which layers DL4J can't do: windows whose padding it has no way to say. */
final class Nd4jSupport {
  private Nd4jSupport() {}

  static Support of(Workload workload) {
    for (LayerPlan layer : workload.network().layers()) {
      if (!expressible(layer)) {
        return new Support(
            "layer "
                + (layer.index() + 1)
                + " ("
                + layer.name()
                + ") pads one side unevenly while its"
                + " stride skips along the other, which DL4J can't do. Use a stride of at most the"
                + " window's size, or padding = valid with a zeroPadding layer before.");
      }
    }
    return Support.YES;
  }

  private static boolean expressible(LayerPlan layer) {
    if (layer.spec() instanceof Convolution convolution) {
      return Dl4jWindow.of(layer, convolution).expressible();
    }
    return !(layer.spec() instanceof Pooling pooling)
        || Dl4jWindow.of(layer, pooling).expressible();
  }
}
