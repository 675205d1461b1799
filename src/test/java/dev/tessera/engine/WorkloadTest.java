package dev.tessera.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.image.PixelScaling;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class WorkloadTest {
  private static Workload workload(Objective objective) {
    return new Workload(
        NamedNetworks.named("reference").compile(new Shape.Image(16, 16, 3), 3),
        PixelScaling.unit(3),
        objective,
        new Updater.Nesterov(0.9),
        new Regularisation(1e-5, 1e-4),
        new GradientClipping(1, 0.5),
        8);
  }

  @Test
  void travels() throws Exception {
    Workload workload = workload(new Objective(0.1, List.of(1.0, 2.0, 0.0)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(workload);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      Object back = in.readObject();
      assertThat(back).isEqualTo(workload).hasSameHashCodeAs(workload);
    }
  }

  @Test
  void classesHaveTheirWeights() {
    assertThat(Objective.PLAIN.weight(7)).isEqualTo(1);
    assertThat(new Objective(0, List.of(1.0, 2.5)).weight(1)).isEqualTo(2.5);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        refusal(
            () -> workload(new Objective(0, List.of(1.0, 1.0))),
            "Cannot weigh 3 classes by 2 class weights"),
        refusal(
            () -> new Objective(1, List.of()),
            "Invalid labelSmoothing 1.0: it must be at least 0 and below 1"),
        refusal(
            () -> new Objective(0, List.of(1.0, -1.0)),
            "Invalid class weight -1.0: it must be at least 0"),
        refusal(
            () -> new Objective(0, List.of(0.0, 0.0)),
            "Invalid class weights [0.0, 0.0]: one at least must be above 0"),
        refusal(() -> new Regularisation(-1, 0), "Invalid l1 -1.0: it must be at least 0"),
        refusal(() -> new Regularisation(0, Double.NaN), "Invalid l2 NaN: it must be at least 0"),
        refusal(
            () -> new GradientClipping(-1, 0),
            "Invalid clipping norm -1.0: it must be above 0, or 0 for off"),
        refusal(
            () -> new GradientClipping(0, Double.POSITIVE_INFINITY),
            "Invalid clipping value Infinity: it must be above 0, or 0 for off"));
  }

  private static Arguments refusal(ThrowingCallable making, String message) {
    return Arguments.of(making, message);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusesValuesOutOfRange(ThrowingCallable making, String message) {
    assertThatThrownBy(making).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
