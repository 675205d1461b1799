package dev.tessera.engine.onednn;

import dev.tessera.engine.EngineCase;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Replica;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.image.Minibatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens, uses and closes replicas, and prints the bytes by which the process grew between the first
 * 500 and a thousand more. A program of its own: only with a heap of fixed size does the size of
 * the process tell of native memory.
 */
public final class OpenCloseCycles {
  private OpenCloseCycles() {}

  /** Linux alone. */
  public static void main(String[] arguments) throws IOException {
    cycles(500);
    long before = residentBytes();
    cycles(1000);
    System.out.println("grown " + (residentBytes() - before));
  }

  private static void cycles(int count) {
    EngineCase c =
        EngineCase.all().stream()
            .filter(one -> one.name().equals("two batch norms"))
            .findFirst()
            .orElseThrow();
    Workload workload = c.workload(new Updater.Nesterov(0.9), 0);
    Minibatch minibatch = c.minibatch(c.batch(), 1);
    float[] probabilities = new float[c.batch() * c.classes()];
    for (int i = 0; i < count; i++) {
      try (Replica replica = new OneDnnEngine(Precision.FLOAT).open(workload, 1)) {
        replica.load(workload.initialState(1));
        replica.step(minibatch, new StepSettings(0.01, 0, 1));
        replica.infer(minibatch, probabilities);
      }
    }
  }

  private static long residentBytes() throws IOException {
    System.gc();
    String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
    return Long.parseLong(pages[1]) * 4096;
  }
}
