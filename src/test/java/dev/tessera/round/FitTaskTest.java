package dev.tessera.round;

import static dev.tessera.round.Toy.assertEqualBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepResult;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.error.DataException;
import dev.tessera.image.BlockDecoder;
import dev.tessera.image.ExampleBlock;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.Minibatch;
import dev.tessera.image.augment.Augmenter;
import dev.tessera.image.augment.Settings;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import dev.tessera.round.SoftmaxRegressionEngine.Damage;
import dev.tessera.round.TrainingSettings.UpdaterStatePolicy;
import dev.tessera.stats.EvaluationCounts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FitTaskTest {
  private final Workload workload = Toy.workload(Toy.ADAM, 4);
  private final List<Shard> shards = Toy.shards(11, 5, 0);

  @AfterEach
  void releaseReplicas() {
    FitTask.releaseReplicas();
  }

  private WorkerResult fit(SoftmaxRegressionEngine engine, int round, int worker) {
    FitTask task = Toy.task(engine, workload, 2, shards);
    return task.fit(
        task.plan().round(round),
        worker,
        Toy.LEARNING_RATE,
        workload.initialState(1),
        shards.get(worker));
  }

  @Test
  void isTheEngineSteppingThroughThePlan() {
    SoftmaxRegressionEngine engine = SoftmaxRegressionEngine.withMasks();
    FitTask task = Toy.task(engine, workload, 2, shards);
    EpochPlan plan = task.plan();
    ReplicaState expected = ReplicaState.zeros(workload);
    StepResult step;
    try (Replica replica = engine.open(workload, 1)) {
      replica.load(workload.initialState(1));
      Minibatch minibatch = new Minibatch(Toy.SHAPE, 4);
      // round 3 is the second of epoch 1: steps 2 and 3, of which the shard has only the former
      shards.get(0).fill(minibatch, plan.order(1, 0, 0), 8, 11, Toy.decoder());
      StepSettings settings = new StepSettings(Toy.LEARNING_RATE, 5, plan.dropoutSeed(1, 0, 2));
      step = replica.step(minibatch, settings);
      replica.store(expected);
    }
    WorkerResult result = fit(engine, 3, 0);
    assertEqualBits(result.state(), expected);
    assertThat(result.report().worker()).isZero();
    assertThat(result.report().examples()).isEqualTo(3);
    assertThat(result.report().lossSum()).isEqualTo(3 * step.loss());
    assertThat(result.report().regularisedLossSum()).isEqualTo(3 * step.regularisedLoss());
    assertThat(result.report().excluded()).isEmpty();
    assertThat(result.report().host()).isNotEmpty();
    assertThat(result.report().fitNanos()).isPositive();
    assertThat(result.report().counts()).isTrue();
  }

  @Test
  void augmentsEveryMinibatchByAKeyOfItsOwn() {
    SoftmaxRegressionEngine engine = SoftmaxRegressionEngine.plain();
    FitTask plain = Toy.task(engine, workload, 2, shards);
    EpochPlan plan = plain.plan();
    FitTask task =
        new FitTask(
            engine,
            workload,
            plan,
            1,
            UpdaterStatePolicy.AVERAGE,
            new Feeding(ImageSettings.of(Toy.SHAPE), Sampling.NATURAL, Settings.everything()));
    ReplicaState expected = ReplicaState.zeros(workload);
    try (Replica replica = engine.open(workload, 1)) {
      replica.load(workload.initialState(1));
      Minibatch minibatch = new Minibatch(Toy.SHAPE, 4);
      for (int step = 0; step < 2; step++) {
        shards.get(0).fill(minibatch, plan.order(0, 0, 0), 4 * step, 4 * step + 4, Toy.decoder());
        new Augmenter(Settings.everything(), Toy.SHAPE)
            .apply(minibatch, RandomStream.key(Toy.SEED, Purpose.AUGMENTATION, 0, 0, step));
        replica.step(
            minibatch, new StepSettings(Toy.LEARNING_RATE, step, plan.dropoutSeed(0, 0, step)));
      }
      replica.store(expected);
    }
    for (int again = 0; again < 2; again++) {
      ReplicaState state =
          task.fit(plan.round(0), 0, Toy.LEARNING_RATE, workload.initialState(1), shards.get(0))
              .state();
      assertEqualBits(state, expected);
    }
    assertThat(fit(engine, 0, 0).state().parameters()).isNotEqualTo(expected.parameters());
    Minibatch cached = new Minibatch(Toy.SHAPE, 4);
    shards.get(0).fill(cached, plan.order(0, 0, 0), 0, 4, Toy.decoder());
    byte[] before = cached.pixels().clone();
    Toy.shards(11, 5, 0).get(0).fill(cached, plan.order(0, 0, 0), 0, 4, Toy.decoder());
    assertThat(cached.pixels()).as("the cache is not changed").isEqualTo(before);
  }

  @Test
  void runTwiceGivesEqualBitsWhateverRanBetween() {
    SoftmaxRegressionEngine engine = SoftmaxRegressionEngine.withMasks();
    WorkerResult once = fit(engine, 0, 0);
    fit(engine, 2, 1);
    WorkerResult again = fit(engine, 0, 0);
    assertEqualBits(again.state(), once.state());
    assertThat(again.report().lossSum()).isEqualTo(once.report().lossSum());
    assertThat(engine.ledger().opened()).isEqualTo(1);
  }

  @Test
  void doesNotChangeItsStart() {
    ReplicaState start = workload.initialState(1);
    FitTask task = Toy.task(SoftmaxRegressionEngine.plain(), workload, 2, shards);
    task.fit(task.plan().round(0), 0, Toy.LEARNING_RATE, start, shards.get(0));
    assertEqualBits(start, workload.initialState(1));
  }

  @Test
  void opensNothingWhereNoMinibatchIsLeft() {
    SoftmaxRegressionEngine engine = SoftmaxRegressionEngine.plain();
    for (WorkerResult result : List.of(fit(engine, 0, 2), fit(engine, 1, 1))) {
      assertThat(result.report().examples()).isZero();
      assertThat(result.report().counts()).isFalse();
      assertThat(result.report().excluded()).isEmpty();
    }
    assertThat(engine.ledger().opened()).isZero();
  }

  @Test
  void refusesAShardOfAnotherSize() {
    FitTask task = Toy.task(SoftmaxRegressionEngine.plain(), workload, 2, shards);
    assertThatThrownBy(
            () -> task.fit(task.plan().round(1), 0, 0.1, workload.initialState(1), shards.get(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Shard 0 has 5 examples in round 2, planned were 11");
  }

  @ParameterizedTest
  @CsvSource({
    "LOSS_NAN, its loss is not finite",
    "PARAMETER_INFINITE, its parameters are not finite",
    "STATE_NAN, its parameters are not finite"
  })
  void saysWhyItsReplicaDoesNotCount(Damage damage, String reason) {
    WorkerResult result =
        fit(
            SoftmaxRegressionEngine.failing(
                (minibatch, settings) -> settings.iteration() == 1 ? damage : Damage.NONE),
            0,
            0);
    assertThat(result.report().excluded()).isEqualTo(reason);
    assertThat(result.report().examples()).isEqualTo(8);
    assertThat(result.report().counts()).isFalse();
  }

  @Test
  void countsTheStepsThatTheUpdaterStateHasSeen() {
    assertThat(iterations(UpdaterStatePolicy.AVERAGE)).containsExactly(2L, 2 + 1L);
    assertThat(iterations(UpdaterStatePolicy.RESET)).containsExactly(0L, 1L);
  }

  /** What the steps of the second round of two minibatches each are told. */
  private List<Long> iterations(UpdaterStatePolicy policy) {
    List<Long> seen = Collections.synchronizedList(new ArrayList<>());
    SoftmaxRegressionEngine engine =
        SoftmaxRegressionEngine.failing(
            (minibatch, settings) -> {
              seen.add(settings.iteration());
              return Damage.NONE;
            });
    List<Shard> even = Toy.shards(16, 16);
    FitTask task = Toy.task(engine, workload, 2, even);
    new FitTask(engine, workload, task.plan(), 1, policy)
        .fit(task.plan().round(1), 0, 0.1, workload.initialState(1), even.get(0));
    return seen;
  }

  @Test
  void stepThatThrowsIsNamedAndItsReplicaClosed() {
    SoftmaxRegressionEngine engine =
        SoftmaxRegressionEngine.failing(
            (minibatch, settings) -> settings.iteration() == 4 ? Damage.THROW : Damage.NONE);
    assertThatThrownBy(() -> fit(engine, 2, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Engine softmax-regression failed on worker 0 in round 3 (epoch 2), minibatch 2 of 3:"
                + " out of native memory")
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(engine.ledger().opened()).isEqualTo(1);
    assertThat(engine.ledger().open()).isZero();
  }

  @Test
  void minibatchThatCanNotBeMadeIsNamedAndTheReplicaClosed() {
    SoftmaxRegressionEngine engine = SoftmaxRegressionEngine.plain();
    IllegalStateException lost = new IllegalStateException("no such picture");
    assertThatThrownBy(() -> fitOver(engine, new FailingBlock(11, lost)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Making a minibatch failed on worker 0 in round 3 (epoch 2), minibatch 1 of 3:"
                + " no such picture")
        .hasCause(lost);
    assertThat(engine.ledger().open()).isZero();
  }

  @Test
  void whatTheUserCanMendPassesUnchanged() {
    DataException bad = new DataException("too many bad images");
    assertThatThrownBy(() -> fitOver(SoftmaxRegressionEngine.plain(), new FailingBlock(11, bad)))
        .isSameAs(bad);
  }

  private WorkerResult fitOver(SoftmaxRegressionEngine engine, ExampleBlock block) {
    FitTask task = Toy.task(engine, workload, 2, shards);
    return task.fit(
        task.plan().round(2),
        0,
        Toy.LEARNING_RATE,
        workload.initialState(1),
        new Shard(List.of(block)));
  }

  /** A block none of whose examples can be read. */
  private record FailingBlock(int size, RuntimeException failure) implements ExampleBlock {
    @Override
    public int label(int example) {
      return 0;
    }

    @Override
    public String origin(int example) {
      return "lost/" + example;
    }

    @Override
    public void read(int example, BlockDecoder decoder, byte[] target, int offset) {
      throw failure;
    }
  }

  @Test
  void replicasStayOpenBetweenRoundsAndNoneLeaks() {
    SoftmaxRegressionEngine engine = SoftmaxRegressionEngine.plain();
    for (int round = 0; round < 20; round++) {
      fit(engine, round, 0);
    }
    assertThat(engine.ledger().opened()).isEqualTo(1);
    assertThat(engine.ledger().open()).isEqualTo(1);
    SoftmaxRegressionEngine next = SoftmaxRegressionEngine.plain();
    fit(next, 0, 0);
    assertThat(engine.ledger().open()).isZero();
    FitTask.releaseReplicas();
    assertThat(next.ledger().open()).isZero();
  }

  @Test
  void evaluationCountsEveryExampleWhateverTheMinibatch() {
    ReplicaState state = workload.initialState(3);
    List<String> names = List.of("a", "b", "c");
    List<dev.tessera.stats.Evaluation> evaluations = new ArrayList<>();
    for (int batchSize : new int[] {1, 4, 7, 11, 100}) {
      SoftmaxRegressionEngine engine = SoftmaxRegressionEngine.plain();
      Iterator<dev.tessera.image.PixelBlock> blocks =
          List.of(Toy.block(1, 6, 0), Toy.block(2, 0, 0), Toy.block(3, 5, 0)).iterator();
      EvaluationCounts counts =
          new EvaluationTask(engine, Toy.workload(new Updater.Sgd(), batchSize), 1)
              .evaluate(new ReplicaState(state.parameters(), new float[0]), blocks);
      evaluations.add(dev.tessera.stats.Evaluation.of(counts, names));
      FitTask.releaseReplicas();
      assertThat(engine.ledger().open()).isZero();
    }
    assertThat(evaluations.get(0).examples()).isEqualTo(11);
    assertThat(evaluations).allMatch(evaluations.get(0)::equals);
  }
}
