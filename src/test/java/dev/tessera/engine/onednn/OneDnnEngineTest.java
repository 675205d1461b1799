package dev.tessera.engine.onednn;

import dev.tessera.engine.Engine;
import dev.tessera.engine.EngineContract;
import dev.tessera.engine.Precision;

/** The contract of engines, on oneDNN in float. */
class OneDnnEngineTest extends EngineContract {
  @Override
  protected Engine engine() {
    return new OneDnnEngine(Precision.FLOAT);
  }
}
