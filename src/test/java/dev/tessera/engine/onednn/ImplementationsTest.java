package dev.tessera.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImplementationsTest {
  /** Sizes on which the networks are used; of 3 channels as photographs have, and of 1. */
  private static final Map<String, Integer> SIDES =
      Map.of("reference", 32, "lenet5", 28, "article", 64, "vgg11", 32);

  @BeforeEach
  void onlyWhereOneDnnHasCodeForEverything() {
    Assumptions.assumeTrue(
        System.getProperty("os.arch").equals("amd64"),
        "docs/platforms.md has what is slow on arm64");
  }

  static List<Workload> networks() {
    List<Workload> workloads = new ArrayList<>();
    for (String name : NamedNetworks.names()) {
      int side = SIDES.getOrDefault(name, 64);
      workloads.add(workload(name, new Shape.Image(side, side, 3), 4));
      workloads.add(workload(name, new Shape.Image(side, side, 1), 4));
      // In which more convolutions pay by fewer multiplications.
      workloads.add(workload(name, new Shape.Image(side, side, 3), 64));
    }
    return workloads;
  }

  private static Workload workload(String name, Shape.Image input, int batch) {
    NetworkPlan plan = NamedNetworks.named(name).compile(input, 10);
    return new Workload(
        plan,
        PixelScaling.unit(input.channels()),
        Objective.PLAIN,
        new Updater.Sgd(),
        Regularisation.NONE,
        GradientClipping.NONE,
        batch);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void noPrimitiveOfANamedNetworkIsAReferenceInFloat(Workload workload) {
    assertThat(slow(workload, Precision.FLOAT)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void noPrimitiveOfANamedNetworkIsAReferenceInBfloat16(Workload workload) {
    Assumptions.assumeTrue(
        OneDnn.multipliesBfloat16(), "the processor has neither avx512_bf16 nor amx");
    assertThat(slow(workload, Precision.BFLOAT16)).isEmpty();
  }

  private static List<String> slow(Workload workload, Precision precision) {
    List<String> found = new ArrayList<>();
    try (OneDnnReplica replica = new OneDnnReplica(workload, precision, new OpenMpThreads(1))) {
      for (boolean training : new boolean[] {true, false}) {
        for (Operation operation : replica.operations(training)) {
          if (Implementation.slowness(operation.implementation()) > 0) {
            found.add(operation.name() + ": " + operation.implementation());
          }
        }
      }
    }
    return found;
  }
}
