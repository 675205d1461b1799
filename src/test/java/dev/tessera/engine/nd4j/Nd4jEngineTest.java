package dev.tessera.engine.nd4j;

import dev.tessera.engine.Engine;
import dev.tessera.engine.EngineContract;

final class Nd4jEngineTest extends EngineContract {
  @Override
  protected Engine engine() {
    return new Nd4jEngine();
  }
}
