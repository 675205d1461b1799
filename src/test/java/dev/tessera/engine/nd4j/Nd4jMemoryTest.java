package dev.tessera.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.engine.EngineCase;
import dev.tessera.engine.MemoryPlan;
import dev.tessera.engine.Replica;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;

final class Nd4jMemoryTest {
  @ParameterizedTest
  @CsvSource({
    "lenet5, 28, 1, 16",
    "reference, 16, 3, 8",
    "article, 40, 3, 4",
    "resnet18, 32, 3, 4",
    "mobilenet, 32, 3, 4"
  })
  void workspacesStayWithinThePlan(String name, int side, int channels, int batch) {
    Shape.Image input = new Shape.Image(side, side, channels);
    NetworkPlan network = NamedNetworks.named(name).compile(input, 10);
    Workload workload =
        Workloads.of(
            network, PixelScaling.unit(channels), new Updater.Adam(0.9, 0.999, 1e-8), 0, batch);
    MemoryPlan plan = new Nd4jEngine().plan(workload);
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
    Minibatch minibatch = EngineCase.minibatch(input, 10, batch, 1);
    try (Replica replica = new Nd4jEngine().open(workload, 1)) {
      replica.load(workload.initialState(1));
      for (int i = 0; i < 6; i++) {
        replica.step(minibatch, new StepSettings(0.01, i, i));
        replica.infer(minibatch, new float[batch * 10]);
      }
      long used = workspaceBytes();
      assertThat(used)
          .isLessThan(plan.activationBytes() + plan.workspaceBytes() - (64L << 20))
          .isGreaterThan((plan.activationBytes() + plan.workspaceBytes() - (64L << 20)) / 4);
    }
    assertThat(workspaceBytes()).isZero();
  }

  private static long workspaceBytes() {
    return Nd4j.getWorkspaceManager().getAllWorkspacesForCurrentThread().stream()
        .mapToLong(workspace -> workspace.getCurrentSize())
        .sum();
  }
}
