package dev.tessera.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.engine.Engine;
import dev.tessera.engine.Precision;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.engine.onednn.OneDnnEngine;
import dev.tessera.image.PixelBlock;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Flatten;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.Padding;
import dev.tessera.stats.ChannelMaps;
import dev.tessera.stats.ClassProbability;
import dev.tessera.stats.ImageActivations;
import dev.tessera.stats.ShownExample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ActivationTaskTest {
  private static final Engine ENGINE = new OneDnnEngine(Precision.FLOAT);
  private final PixelBlock block = Toy.block(5, 12, 0);

  @AfterEach
  void releaseReplicas() {
    FitTask.releaseReplicas();
  }

  private static Workload workload(int classes, Dense output) {
    return Workloads.of(
        NetworkSpec.chain(
                "custom",
                List.of(
                    Convolution.of(20, 3, Padding.SAME, Activation.TANH), new Flatten(), output))
            .compile(Toy.SHAPE, classes),
        PixelScaling.unit(3),
        new Updater.Sgd(),
        0,
        4);
  }

  private static Workload workload(int classes) {
    return workload(classes, Dense.of(Dense.CLASSES, Activation.SOFTMAX));
  }

  private ShownExample example(int index) {
    return new ShownExample(block.origin(index), block.label(index));
  }

  private List<ImageActivations> show(Workload workload, List<ShownExample> wanted) {
    ReplicaState state = workload.initialState(3);
    return new ActivationTask(ENGINE, workload, 1)
        .show(() -> state, wanted, List.of(Toy.block(6, 12, 0), block).iterator());
  }

  @Test
  void showsWantedExamplesInTheOrderOfTheShard() {
    List<ImageActivations> shown =
        show(
            workload(Toy.CLASSES),
            List.of(example(7), example(2), new ShownExample("elsewhere", 0)));
    assertThat(shown).extracting(ImageActivations::example).containsExactly(example(2), example(7));
    for (ImageActivations image : shown) {
      assertThat(image.picture().shape()).isEqualTo(Toy.SHAPE);
      assertThat(image.layers()).extracting(ImageActivations.Layer::index).containsExactly(0);
      ChannelMaps maps = image.layers().get(0).maps();
      assertThat(maps.shown()).isEqualTo(16);
      assertThat(maps.least()).isBetween(-1f, 0f);
      assertThat(maps.largest()).isBetween(0f, 1f);
    }
  }

  /** What another minibatch would round otherwise. */
  @Test
  void anExampleIsShownAlikeWhoeverIsShownBesideIt() {
    Workload workload = workload(Toy.CLASSES);
    List<ShownExample> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(example(i));
    }
    List<ImageActivations> together = show(workload, all);
    for (int i = 0; i < 4; i++) {
      assertThat(show(workload, List.of(example(i)))).containsExactly(together.get(i));
    }
  }

  @Test
  void namesTheFiveMostProbableClassesAndTheImagesOwn() {
    Workload workload = workload(40);
    for (ImageActivations image : show(workload, List.of(example(0), example(1), example(2)))) {
      List<ClassProbability> probable = image.probabilities();
      assertThat(probable).extracting(ClassProbability::index).contains(image.example().label());
      assertThat(probable).hasSizeBetween(5, 6);
      List<Float> five =
          probable.subList(0, 5).stream().map(ClassProbability::probability).toList();
      assertThat(five).isSortedAccordingTo(Collections.reverseOrder());
      assertThat(five.get(0)).isGreaterThan(1 / 40f).isLessThan(1);
    }
  }

  @Test
  void aSigmoidHasTwoClasses() {
    Workload workload = workload(2, Dense.of(1, Activation.SIGMOID));
    for (ImageActivations image : show(workload, List.of(example(0), example(1)))) {
      List<ClassProbability> both = image.probabilities();
      assertThat(both).extracting(ClassProbability::index).containsExactlyInAnyOrder(0, 1);
      assertThat(both.get(0).probability()).isGreaterThanOrEqualTo(both.get(1).probability());
      assertThat(both.get(0).probability() + both.get(1).probability()).isCloseTo(1, within(1e-6f));
    }
  }
}
