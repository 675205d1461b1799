package dev.tessera.engine.nd4j;

import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J's native threads, of its loops and of its matrix products. They are a setting of the whole
 * JVM: the replica that was opened last decides for all.
 */
final class Nd4jThreads {
  private Nd4jThreads() {}

  static synchronized void use(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "Cannot use " + threads + " native threads: it must be at least 1");
    }
    Environment environment = Nd4j.getEnvironment();
    if (environment.maxMasterThreads() != threads || environment.maxThreads() != threads) {
      environment.setMaxMasterThreads(threads);
      environment.setMaxThreads(threads);
    }
    if (Nd4j.factory().blas().getMaxThreads() != threads) {
      Nd4j.factory().blas().setMaxThreads(threads);
    }
  }
}
