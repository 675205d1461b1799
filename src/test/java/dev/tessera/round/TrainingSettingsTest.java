package dev.tessera.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.engine.Objective;
import dev.tessera.round.TrainingSettings.ClassWeighting;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingSettingsTest {
  private static TrainingSettings settings(ClassWeighting weighting, Objective objective) {
    TrainingSettings toy =
        Toy.settings(
            Toy.task(
                SoftmaxRegressionEngine.plain(), Toy.workload(Toy.ADAM, 4), 2, Toy.shards(8, 8)),
            3);
    return new TrainingSettings(
        toy.epochs(),
        toy.batchSize(),
        toy.workers(),
        toy.averagingFrequency(),
        toy.updater(),
        toy.learningRate(),
        objective,
        toy.regularisation(),
        toy.clipping(),
        toy.updaterState(),
        toy.evaluateEvery(),
        toy.earlyStopping(),
        toy.sampling(),
        toy.rollback(),
        toy.trainer(),
        weighting);
  }

  @Test
  void balancesClassesByTheirCounts() {
    TrainingSettings weighted =
        settings(ClassWeighting.BALANCED, new Objective(0.1, List.of()))
            .weighted(new long[] {10, 30, 80});
    // 120 images of 3 classes: 40 / 10, 40 / 30, 40 / 80
    assertThat(weighted.objective()).isEqualTo(new Objective(0.1, List.of(4.0, 120.0 / 90, 0.5)));
    assertThat(weighted.classWeighting()).isEqualTo(ClassWeighting.GIVEN);
    assertThat(weighted.epochs()).isEqualTo(3);
  }

  @Test
  void leavesGivenWeightsAlone() {
    TrainingSettings given =
        settings(ClassWeighting.GIVEN, new Objective(0, List.of(1.0, 2.0, 3.0)));
    assertThat(given.weighted(new long[] {10, 30, 80})).isEqualTo(given);
  }
}
