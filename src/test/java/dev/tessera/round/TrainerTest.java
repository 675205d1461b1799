package dev.tessera.round;

import static dev.tessera.round.Toy.assertEqualBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.error.DivergenceException;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelBlock;
import dev.tessera.round.GlobalState.OuterState;
import dev.tessera.round.SoftmaxRegressionEngine.Damage;
import dev.tessera.round.SoftmaxRegressionEngine.Fault;
import dev.tessera.round.TrainingSettings.UpdaterStatePolicy;
import dev.tessera.stats.Evaluation;
import dev.tessera.stats.EvaluationCounts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
  /** Most of a seeded, separable set: measured 100 %, with room for a change of the draws. */
  private static final double LEARNED_ACCURACY = 0.95;

  @AfterEach
  void releaseReplicas() {
    FitTask.releaseReplicas();
  }

  /** The engine by itself over the minibatches of one worker, without any averaging. */
  private static ReplicaState alone(
      SoftmaxRegressionEngine engine, Workload workload, Shard shard, int epochs) {
    EpochPlan plan = new EpochPlan(Toy.SEED, workload.batchSize(), 1, List.of(shard.size()));
    ReplicaState state = ReplicaState.zeros(workload);
    try (Replica replica = engine.open(workload, 1)) {
      replica.load(workload.initialState(Toy.SEED));
      Minibatch minibatch = new Minibatch(Toy.SHAPE, workload.batchSize());
      long iteration = 0;
      for (int epoch = 0; epoch < epochs; epoch++) {
        int[] order = plan.order(epoch, 0, 0);
        for (int from = 0, step = 0; from < order.length; from += workload.batchSize(), step++) {
          int to = Math.min(order.length, from + workload.batchSize());
          shard.fill(minibatch, order, from, to, Toy.decoder());
          replica.step(
              minibatch,
              new StepSettings(Toy.LEARNING_RATE, iteration++, plan.dropoutSeed(epoch, 0, step)));
        }
      }
      replica.store(state);
    }
    return state;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 1000})
  void oneWorkerIsTheEngineByItselfHoweverOftenItAverages(int averagingFrequency) {
    for (Updater updater : List.of(new Updater.Sgd(), Toy.NESTEROV, Toy.ADAM)) {
      SoftmaxRegressionEngine engine = SoftmaxRegressionEngine.withMasks();
      Workload workload = Toy.workload(updater, 4);
      List<Shard> shards = Toy.shards(18);
      GlobalState end = Toy.train(engine, workload, averagingFrequency, shards, 3);
      assertEqualBits(end.replica(), alone(engine, workload, shards.get(0), 3));
    }
  }

  /** Each worker's shard lies so that its own order of epoch 0 gives the sequence of worker 0. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void workersOnEqualDataInEqualOrderEqualOneWorker(int workers) {
    int size = 18;
    PixelBlock block = Toy.block(5, size, 0);
    Workload workload = Toy.workload(Toy.ADAM, 4);
    EpochPlan plan = new EpochPlan(Toy.SEED, 4, 2, List.of(size));
    int[] sequence = plan.order(0, 0, 0);
    List<Shard> shards = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      EpochPlan all = new EpochPlan(Toy.SEED, 4, 2, java.util.Collections.nCopies(workers, size));
      int[] order = all.order(0, 0, worker);
      int[] at = new int[size];
      for (int i = 0; i < size; i++) {
        at[order[i]] = sequence[i];
      }
      shards.add(new Shard(List.of(rearranged(block, at))));
    }
    SoftmaxRegressionEngine engine = SoftmaxRegressionEngine.plain();
    ReplicaState one =
        Toy.train(engine, workload, 2, List.of(new Shard(List.of(block))), 1).replica();
    assertEqualBits(Toy.train(engine, workload, 2, shards, 1).replica(), one);
  }

  private static PixelBlock rearranged(PixelBlock block, int[] at) {
    int values = Toy.SHAPE.size();
    byte[] pixels = new byte[at.length * values];
    int[] labels = new int[at.length];
    String[] origins = new String[at.length];
    for (int i = 0; i < at.length; i++) {
      block.copyPixels(at[i], pixels, i * values);
      labels[i] = block.label(at[i]);
      origins[i] = block.origin(at[i]);
    }
    return new PixelBlock(Toy.SHAPE, pixels, labels, origins);
  }

  @Test
  void emptyShardsChangeNothingForTheOthersButTheirNumbers() {
    Workload workload = Toy.workload(Toy.NESTEROV, 4);
    SoftmaxRegressionEngine engine = SoftmaxRegressionEngine.withMasks();
    List<Shard> shards = Toy.shards(18, 0, 0);
    assertEqualBits(
        Toy.train(engine, workload, 2, shards, 2).replica(),
        alone(engine, workload, shards.get(0), 2));
  }

  @Test
  void unevenShardsAreWeightedByTheExamplesOfTheRound() {
    SoftmaxRegressionEngine engine = SoftmaxRegressionEngine.withMasks();
    Workload workload = Toy.workload(Toy.NESTEROV, 4);
    List<Shard> shards = Toy.shards(18, 0, 7, 1);
    FitTask task = Toy.task(engine, workload, 2, shards);
    Heard heard = new Heard();
    GlobalState end =
        Toy.trainer(task, shards, 2, OuterStep.AVERAGE, heard).train(Toy.start(workload));

    ReplicaState state = workload.initialState(Toy.SEED);
    int[][] examples = {{8, 0, 7, 1}, {8, 0, 0, 0}, {2, 0, 0, 0}};
    for (int r = 0; r < 6; r++) {
      RoundPlan round = task.plan().round(r);
      List<ReplicaState> replicas = new ArrayList<>();
      for (int k = 0; k < 4; k++) {
        WorkerResult result = task.fit(round, k, Toy.LEARNING_RATE, state, shards.get(k));
        assertThat(result.report().examples()).isEqualTo(examples[r % 3][k]);
        replicas.add(result.state());
      }
      ReplicaState next = ReplicaState.zeros(workload);
      for (int i = 0; i < next.parameters().length; i++) {
        double parameter = 0;
        double velocity = 0;
        double total = 0;
        for (int k = 0; k < 4; k++) {
          double n = examples[r % 3][k];
          if (n > 0) {
            parameter += n * replicas.get(k).parameters()[i];
            velocity += n * replicas.get(k).updaterState()[i];
            total += n;
          }
        }
        next.parameters()[i] = (float) (parameter / total);
        next.updaterState()[i] = (float) (velocity / total);
      }
      state = next;
    }
    assertEqualBits(end.replica(), state);
    assertThat(end.round()).isEqualTo(6);
    assertThat(heard.rounds().stream().map(r -> r.outcome().examples()))
        .containsExactly(16, 8, 2, 16, 8, 2);
    assertThat(heard.rounds().stream().map(RoundReport::endsEpoch))
        .containsExactly(false, false, true, false, false, true);
    assertThat(heard.rounds()).allMatch(r -> r.rounds() == 6 && r.epochs() == 2);
  }

  /** The first value of every example is the number of its worker. */
  private static Fault damage(int worker, long fromIteration, Damage damage) {
    return (minibatch, settings) ->
        minibatch.pixels()[0] == worker && settings.iteration() >= fromIteration
            ? damage
            : Damage.NONE;
  }

  @Test
  void workerThatIsNotFiniteIsLeftOutNamedAndStartsAgainFromTheMean() {
    Workload workload = Toy.workload(Toy.NESTEROV, 4);
    List<Shard> shards = Toy.shards(8, 8, 8);
    // worker 1 fails in the steps of round 1 alone
    Fault once =
        (minibatch, settings) ->
            minibatch.pixels()[0] == 1 && settings.iteration() == 1
                ? Damage.PARAMETER_INFINITE
                : Damage.NONE;
    FitTask task = Toy.task(SoftmaxRegressionEngine.failing(once), workload, 1, shards);
    Heard heard = new Heard();
    GlobalState end =
        Toy.trainer(task, shards, 2, OuterStep.AVERAGE, heard).train(Toy.start(workload));

    RoundReport bad = heard.rounds().get(1);
    assertThat(bad.outcome().reports().stream().map(WorkerReport::excluded))
        .containsExactly("", "its parameters are not finite", "");
    assertThat(bad.outcome().loss()).isFinite();
    ReplicaState before = heard.rounds().get(0).state().replica();
    List<WorkerResult> others =
        List.of(
            task.fit(bad.plan(), 0, Toy.LEARNING_RATE, before, shards.get(0)),
            task.fit(bad.plan(), 2, Toy.LEARNING_RATE, before, shards.get(2)));
    ReplicaState expected =
        java.util.Objects.requireNonNull(ReplicaAverage.of(workload, before, others).state());
    assertEqualBits(bad.state().replica(), expected);
    assertThat(heard.rounds().get(2).outcome().reports()).allMatch(WorkerReport::counts);
    for (float value : end.replica().parameters()) {
      assertThat(value).isFinite();
    }
  }

  @Test
  void withoutAHealthyWorkerTrainingHasDiverged() {
    Workload workload = Toy.workload(Toy.NESTEROV, 4);
    List<Shard> shards = Toy.shards(8, 0, 8);
    Fault all =
        (minibatch, settings) ->
            settings.iteration() < 2
                ? Damage.NONE
                : minibatch.pixels()[0] == 0 ? Damage.LOSS_NAN : Damage.PARAMETER_INFINITE;
    FitTask task = Toy.task(SoftmaxRegressionEngine.failing(all), workload, 1, shards);
    Heard heard = new Heard();
    Trainer trainer = Toy.trainer(task, shards, 2, OuterStep.AVERAGE, heard);
    assertThatThrownBy(() -> trainer.train(Toy.start(workload)))
        .isInstanceOf(DivergenceException.class)
        .hasMessage(
            "Training diverged in round 3 (epoch 2): no worker has finite parameters and loss any"
                + " more (worker 0: its loss is not finite; worker 2: its parameters are not"
                + " finite). The usual cause is a learning rate that is too high:"
                + " training.learningRate is 0.2, try a tenth of it. Else look for images that are"
                + " all one colour with image.scaling = standardise, and at the parameter tables of"
                + " the rounds before.");
    assertThat(heard.rounds()).hasSize(2);
  }

  @Test
  void damageThatStaysKeepsAWorkerOutToTheEnd() {
    Workload workload = Toy.workload(Toy.NESTEROV, 4);
    List<Shard> shards = Toy.shards(8, 8);
    FitTask task =
        Toy.task(
            SoftmaxRegressionEngine.failing(damage(0, 0, Damage.LOSS_NAN)), workload, 1, shards);
    Heard heard = new Heard();
    Toy.trainer(task, shards, 3, OuterStep.AVERAGE, heard).train(Toy.start(workload));
    assertThat(heard.rounds())
        .allMatch(r -> !r.outcome().reports().get(0).counts())
        .allMatch(r -> r.outcome().reports().get(1).counts());
  }

  @Test
  void updaterStateIsAveragedOrReset() {
    Workload workload = Toy.workload(Toy.NESTEROV, 4);
    List<Shard> shards = Toy.shards(18, 10);
    FitTask task = Toy.task(SoftmaxRegressionEngine.plain(), workload, 2, shards);
    List<Heard> heard = new ArrayList<>();
    for (UpdaterStatePolicy policy : UpdaterStatePolicy.values()) {
      Heard listener = new Heard();
      heard.add(listener);
      Toy.trainer(task, shards, 2, OuterStep.averaging(workload, policy), listener)
          .train(Toy.start(workload));
    }
    ReplicaState averaged = heard.get(0).rounds().get(0).state().replica();
    ReplicaState reset = heard.get(1).rounds().get(0).state().replica();
    assertThat(reset.parameters()).isEqualTo(averaged.parameters());
    assertThat(averaged.updaterState()).isNotEqualTo(new float[39]);
    assertThat(reset.updaterState()).isEqualTo(new float[39]);
    assertThat(heard.get(1).rounds().get(1).state().replica().parameters())
        .isNotEqualTo(heard.get(0).rounds().get(1).state().replica().parameters());
  }

  @Test
  void resetGivesTheUpdatersInitialState() {
    Workload workload = Toy.workload(new Updater.AdaGrad(1e-6), 4);
    ReplicaState average = workload.initialState(2);
    java.util.Arrays.fill(average.updaterState(), 5);
    OuterState outer = new OuterState(new float[] {1});
    GlobalState next =
        OuterStep.averaging(workload, UpdaterStatePolicy.RESET)
            .next(new GlobalState(7, workload.initialState(1), outer), average);
    assertThat(next.round()).isEqualTo(8);
    assertThat(next.outerState()).isSameAs(outer);
    assertEqualBits(next.replica(), workload.initialState(2));
    assertThat(average.updaterState()).containsOnly(5f);
  }

  @Test
  void goingOnFromAnyRoundEndsAsWithoutAPause() {
    Workload workload = Toy.workload(Toy.ADAM, 4);
    List<Shard> shards = Toy.shards(18, 0, 13, 2);
    SoftmaxRegressionEngine engine = SoftmaxRegressionEngine.withMasks();
    FitTask task = Toy.task(engine, workload, 2, shards);
    Heard heard = new Heard();
    GlobalState end =
        Toy.trainer(task, shards, 3, OuterStep.AVERAGE, heard).train(Toy.start(workload));
    assertThat(heard.rounds()).hasSize(9);
    for (RoundReport report : heard.rounds()) {
      FitTask.releaseReplicas();
      Heard rest = new Heard();
      GlobalState resumed =
          Toy.trainer(
                  Toy.task(SoftmaxRegressionEngine.withMasks(), workload, 2, shards),
                  shards,
                  3,
                  OuterStep.AVERAGE,
                  rest)
              .train(report.state());
      assertEqualBits(resumed.replica(), end.replica());
      assertThat(resumed.round()).isEqualTo(9);
      assertThat(rest.rounds()).hasSize(8 - report.plan().round());
    }
  }

  @Test
  void twoRunsGiveEqualBits() {
    Workload workload = Toy.workload(Toy.NESTEROV, 4);
    SoftmaxRegressionEngine engine = SoftmaxRegressionEngine.withMasks();
    assertEqualBits(
        Toy.train(engine, workload, 3, Toy.shards(18, 9), 4).replica(),
        Toy.train(engine, workload, 3, Toy.shards(18, 9), 4).replica());
  }

  @Test
  void evaluatesAtTheEndOfTheEpochsThatAreDueAndOfTheLast() {
    Workload workload = Toy.workload(Toy.NESTEROV, 4);
    List<Shard> shards = Toy.shards(18);
    FitTask task = Toy.task(SoftmaxRegressionEngine.plain(), workload, 2, shards);
    TrainingSettings every =
        new TrainingSettings(
            5,
            4,
            1,
            2,
            Toy.NESTEROV,
            Toy.LEARNING_RATE,
            Objective.PLAIN,
            Regularisation.NONE,
            GradientClipping.NONE,
            UpdaterStatePolicy.AVERAGE,
            2,
            TrainingSettings.TrainerKind.AVERAGING);
    Heard heard = new Heard();
    Evaluation evaluation = Evaluation.of(new EvaluationCounts(2, false), List.of("a", "b"));
    new Trainer(
            every,
            task.plan(),
            new LocalRoundRunner(task, shards),
            OuterStep.AVERAGE,
            state -> evaluation,
            heard)
        .train(Toy.start(workload));
    assertThat(heard.evaluations())
        .containsExactly("epoch 1 round 5", "epoch 3 round 11", "epoch 4 round 14");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void learnsASeparableSet(int workers) {
    Workload workload = Toy.workload(Toy.NESTEROV, 8);
    List<Shard> shards = workers == 1 ? Toy.shards(150) : Toy.shards(60, 50, 40);
    FitTask task = Toy.task(SoftmaxRegressionEngine.plain(), workload, 3, shards);
    Heard heard = new Heard();
    GlobalState end =
        Toy.trainer(task, shards, 6, OuterStep.AVERAGE, heard).train(Toy.start(workload));
    double first = heard.rounds().get(0).outcome().loss();
    double last = heard.rounds().get(heard.rounds().size() - 1).outcome().loss();
    assertThat(last).isLessThan(first / 2);
    EvaluationCounts counts =
        new EvaluationTask(task.engine(), workload, 1)
            .evaluate(end.replica(), List.of(Toy.block(9999, 300, 0)).iterator());
    assertThat(Evaluation.of(counts, List.of("a", "b", "c")).accuracy())
        .isGreaterThan(LEARNED_ACCURACY);
  }
}
