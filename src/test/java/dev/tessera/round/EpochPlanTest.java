package dev.tessera.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EpochPlanTest {
  private static final long SEED = 4711;

  private static EpochPlan draw(RandomStream random) {
    List<Integer> sizes = new ArrayList<>();
    for (int k = random.nextInt(5); k >= 0; k--) {
      sizes.add(random.nextInt(3) == 0 ? 0 : random.nextInt(40));
    }
    sizes.add(1 + random.nextInt(40));
    return new EpochPlan(random.nextLong(), 1 + random.nextInt(9), 1 + random.nextInt(7), sizes);
  }

  @Test
  void everyExampleIsVisitedOnceAnEpochInMinibatchesOfFullSizeButTheLast() {
    System.out.println("seed " + SEED);
    RandomStream random = RandomStream.of(SEED, Purpose.AUGMENTATION);
    for (int i = 0; i < 300; i++) {
      EpochPlan plan = draw(random);
      for (int worker = 0; worker < plan.workers(); worker++) {
        int size = plan.size(0, worker);
        int[] order = plan.order(i, 0, worker);
        Set<Integer> seen = new HashSet<>();
        int steps = plan.minibatchesOf(0, worker);
        for (int step = 0; step < steps; step++) {
          int from = step * plan.batchSize();
          int to = Math.min(size, from + plan.batchSize());
          assertThat(to - from).isPositive();
          if (step < steps - 1) {
            assertThat(to - from).isEqualTo(plan.batchSize());
          }
          for (int place = from; place < to; place++) {
            assertThat(order[place]).isBetween(0, size - 1);
            seen.add(order[place]);
          }
        }
        assertThat(seen).hasSize(size);
        assertThat(order).hasSize(size);
      }
    }
  }

  @Test
  void roundsCoverAllStepsOfAllEpochsInOrder() {
    RandomStream random = RandomStream.of(SEED, Purpose.SPLIT);
    for (int i = 0; i < 300; i++) {
      EpochPlan plan = draw(random);
      int most = 0;
      for (int worker = 0; worker < plan.workers(); worker++) {
        most = Math.max(most, plan.minibatchesOf(0, worker));
      }
      assertThat(plan.stepsPerEpoch()).isEqualTo(most);
      int index = 0;
      long iteration = 0;
      for (int epoch = 0; epoch < 3; epoch++) {
        int next = 0;
        for (int inEpoch = 0; inEpoch < plan.roundsPerEpoch(); inEpoch++) {
          RoundPlan round = plan.round(index);
          assertThat(round.round()).isEqualTo(index);
          assertThat(round.epoch()).isEqualTo(epoch);
          assertThat(round.firstStep()).isEqualTo(next);
          assertThat(round.endStep() - round.firstStep()).isBetween(1, plan.averagingFrequency());
          for (int step = round.firstStep(); step < round.endStep(); step++) {
            assertThat(plan.iteration(epoch, step)).isEqualTo(iteration);
            iteration++;
          }
          next = round.endStep();
          index++;
        }
        assertThat(next).isEqualTo(plan.stepsPerEpoch());
      }
    }
  }

  @Test
  void everyEpochVisitsEverySegmentOnceAndNoRoundCrossesItsEnd() {
    RandomStream random = RandomStream.of(SEED, Purpose.EXAMPLE_ORDER);
    Set<List<Integer>> orders = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      int workers = 1 + random.nextInt(3);
      int segments = 2 + random.nextInt(4);
      List<Integer> sizes = new ArrayList<>();
      for (int part = 0; part < workers * segments; part++) {
        sizes.add(1 + random.nextInt(30));
      }
      EpochPlan plan = new EpochPlan(i, 4, 1 + random.nextInt(3), workers, sizes);
      int index = 0;
      for (int epoch = 0; epoch < 3; epoch++) {
        List<Integer> visited = new ArrayList<>();
        int steps = 0;
        for (int inEpoch = 0; inEpoch < plan.roundsPerEpoch(); inEpoch++) {
          RoundPlan round = plan.round(index++);
          assertThat(round.epoch()).isEqualTo(epoch);
          assertThat(round.firstOfEpoch()).isEqualTo(steps);
          if (round.firstStep() == 0) {
            visited.add(round.segment());
          }
          assertThat(round.segment()).isEqualTo(visited.get(visited.size() - 1));
          int most = 0;
          for (int worker = 0; worker < workers; worker++) {
            most = Math.max(most, plan.minibatchesOf(round.segment(), worker));
          }
          assertThat(round.endStep()).isBetween(round.firstStep() + 1, most);
          steps = round.endOfEpoch();
          assertThat(plan.endsEpoch(round)).isEqualTo(inEpoch == plan.roundsPerEpoch() - 1);
        }
        assertThat(steps).isEqualTo(plan.stepsPerEpoch());
        assertThat(visited).hasSize(segments).doesNotHaveDuplicates().endsWith(segments - 1);
        orders.add(visited);
      }
    }
    assertThat(orders).hasSizeGreaterThan(20);
  }

  @Test
  void segmentsAreOrderedEachInAWayOfItsOwn() {
    EpochPlan plan = new EpochPlan(42, 4, 3, 1, List.of(50, 50));
    assertThat(plan.order(0, 0, 0)).isNotEqualTo(plan.order(0, 1, 0));
  }

  @Test
  void anEpochEndsForAllWorkersTogether() {
    EpochPlan plan = new EpochPlan(1, 4, 3, List.of(21, 0, 8, 1));
    assertThat(plan.stepsPerEpoch()).isEqualTo(6);
    assertThat(plan.roundsPerEpoch()).isEqualTo(2);
    assertThat(plan.minibatchesOf(0, 0)).isEqualTo(6);
    assertThat(plan.minibatchesOf(0, 1)).isZero();
    assertThat(plan.minibatchesOf(0, 2)).isEqualTo(2);
    assertThat(plan.minibatchesOf(0, 3)).isEqualTo(1);
    assertThat(plan.round(3)).isEqualTo(new RoundPlan(3, 1, 0, 0, 3, 6));
  }

  @Test
  void averagingLessOftenThanAnEpochIsOnceAnEpoch() {
    EpochPlan plan = new EpochPlan(1, 4, 1000, List.of(21));
    assertThat(plan.roundsPerEpoch()).isEqualTo(1);
    assertThat(plan.round(5)).isEqualTo(new RoundPlan(5, 5, 0, 0, 0, 6));
  }

  @Test
  void orderIsAPureFunctionOfSeedEpochAndWorker() {
    EpochPlan plan = new EpochPlan(42, 4, 3, List.of(50, 50));
    assertThat(plan.order(1, 0, 1))
        .isEqualTo(new EpochPlan(42, 9, 1, List.of(3, 50)).order(1, 0, 1))
        .isNotEqualTo(plan.order(2, 0, 1))
        .isNotEqualTo(plan.order(1, 0, 0))
        .isNotEqualTo(new EpochPlan(43, 4, 3, List.of(50, 50)).order(1, 0, 1));
  }

  /** The order of a resumed run has to be that of the run before, whatever the release. */
  @Test
  void orderIsFrozen() {
    assertThat(new EpochPlan(42, 4, 3, List.of(12)).order(1, 0, 0))
        .containsExactly(11, 1, 2, 9, 7, 10, 4, 3, 0, 6, 5, 8);
  }

  @Test
  void everyStepOfEveryWorkerHasItsOwnDropoutSeed() {
    EpochPlan plan = new EpochPlan(42, 4, 3, List.of(50, 50));
    Set<Long> seeds = new HashSet<>();
    for (int epoch = 0; epoch < 10; epoch++) {
      for (int worker = 0; worker < 2; worker++) {
        for (int step = 0; step < 13; step++) {
          seeds.add(plan.dropoutSeed(epoch, worker, step));
        }
      }
    }
    assertThat(seeds).hasSize(260);
  }

  @Test
  void rejectsShardsThatAreAllEmpty() {
    assertThatThrownBy(() -> new EpochPlan(1, 4, 3, List.of(0, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot plan an epoch over 2 empty shards");
  }
}
