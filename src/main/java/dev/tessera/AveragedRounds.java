package dev.tessera;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.dataset.ImageDataset;
import dev.tessera.engine.Engine;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.job.Job;
import dev.tessera.round.BesideListener;
import dev.tessera.round.CheckpointWriter;
import dev.tessera.round.EpochPlan;
import dev.tessera.round.Evaluator;
import dev.tessera.round.EventRecorder;
import dev.tessera.round.Feeding;
import dev.tessera.round.FitTask;
import dev.tessera.round.GlobalState;
import dev.tessera.round.Listeners;
import dev.tessera.round.OuterStep;
import dev.tessera.round.RoundPlan;
import dev.tessera.round.RunRecorder;
import dev.tessera.round.Trainer;
import dev.tessera.round.TrainingListener;
import dev.tessera.round.TrainingSettings;
import dev.tessera.run.Checkpoint;
import dev.tessera.run.Checkpoints;
import dev.tessera.run.RunFolder;
import dev.tessera.run.RunLog;
import dev.tessera.spark.EndOfJvm;
import dev.tessera.spark.SparkRoundRunner;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rounds of a run by Tessera's own averaging, with their records and checkpoints. */
final class AveragedRounds {
  private static final Logger LOG = LoggerFactory.getLogger(AveragedRounds.class);

  /** Of the ten seconds that schedulers give at least. */
  private static final Duration TIME_TO_STOP = Duration.ofSeconds(8);

  private final JavaSparkContext spark;
  private final Job job;
  private final RunFolder folder;
  private final RunLog log;
  private final ImageDataset images;
  private final EpochPlan plan;
  private final FitTask task;

  AveragedRounds(
      JavaSparkContext spark,
      Job job,
      RunFolder folder,
      RunLog log,
      ImageDataset images,
      Workload workload,
      Engine engine,
      int threads) {
    this.spark = spark;
    this.job = job;
    this.folder = folder;
    this.log = log;
    this.images = images;
    TrainingSettings training = job.training();
    plan =
        new EpochPlan(
            job.run().seed(),
            workload.batchSize(),
            training.averagingFrequency(),
            training.workers(),
            Arrays.stream(images.train().segmentSizes()).boxed().toList());
    task =
        new FitTask(
            engine,
            workload,
            plan,
            threads,
            training.updaterState(),
            new Feeding(job.image(), training.sampling(), job.augment()));
  }

  /**
   * Runs them all, or those that are left.
   *
   * @param start of a run that begins anew
   * @param from what an earlier try left
   * @param stillOurs throws if another run has taken the folder
   */
  Trained run(
      ReplicaState start,
      Optional<Checkpoint> from,
      @Nullable Evaluator validation,
      Progress progress,
      Checkpoints checkpoints,
      ObjectNode identity,
      Runnable stillOurs) {
    describe();
    GlobalState begin =
        from.map(CheckpointWriter::state)
            .orElse(new GlobalState(0, start, GlobalState.OuterState.NONE));
    GlobalState end;
    try (SparkRoundRunner runner =
            new SparkRoundRunner(
                spark, images.train().blocks(), task, rounds(), SparkRoundRunner.COLLECT_BYTES);
        RunRecorder recorder =
            new RunRecorder(
                folder, log, job.run().parameterTableEvery(), progress::round, begin.round());
        EventRecorder events =
            job.run().tensorboard() ? new EventRecorder(folder, begin.round()) : null) {
      CheckpointWriter writer =
          new CheckpointWriter(
              checkpoints,
              job.run().checkpoints(),
              identity,
              () -> {
                stillOurs.run();
                recorder.publish();
                if (events != null) {
                  events.publish();
                }
              },
              begin.round());
      List<TrainingListener> all =
          events == null ? List.of(recorder, writer) : List.of(recorder, events, writer);
      try (BesideListener beside = new BesideListener(new Listeners(all))) {
        EndOfJvm signal = EndOfJvm.doing(() -> stopped(beside, writer));
        try {
          end = trainer(runner, validation, beside).train(begin);
        } finally {
          signal.close();
        }
      }
    }
    describeEnd(end);
    return new Trained(
        end.model(),
        end.round(),
        end.modelRound(),
        end.round() < rounds(),
        iterations(plan.round(end.modelRound() - 1)));
  }

  /** Steps of a worker until a round is over. */
  private int iterations(RoundPlan round) {
    return Math.toIntExact(plan.iteration(round.epoch(), round.endOfEpoch()));
  }

  private void describeEnd(GlobalState end) {
    if (end.round() < rounds()) {
      log.info(
          "Stopped early after epoch "
              + epoch(end.round())
              + ": "
              + job.training().earlyStopping().reason(end.best(), epoch(end.best().round())));
    }
    if (end.modelRound() < end.round()) {
      log.info("The model is that of epoch " + epoch(end.modelRound()) + ", the best one");
    }
  }

  /** Counts from 1, as the rounds that are done do. */
  private int epoch(int roundsDone) {
    return roundsDone == 0 ? 0 : plan.round(roundsDone - 1).epoch() + 1;
  }

  private Trainer trainer(
      SparkRoundRunner runner, @Nullable Evaluator validation, BesideListener beside) {
    OuterStep outerStep = OuterStep.averaging(task.workload(), job.training().updaterState());
    return new Trainer(job.training(), plan, runner, outerStep, validation, beside);
  }

  private int rounds() {
    return Math.multiplyExact(job.training().epochs(), plan.roundsPerEpoch());
  }

  private void describe() {
    log.info(
        String.format(
            Locale.ROOT,
            "Training: %d epochs of %d rounds, %d workers, up to %d minibatches of %d each a round",
            job.training().epochs(),
            plan.roundsPerEpoch(),
            job.training().workers(),
            job.training().averagingFrequency(),
            plan.batchSize()));
  }

  /** After a signal, on a thread of its own: Spark still runs, and waits for it. */
  private void stopped(BesideListener beside, CheckpointWriter writer) {
    boolean done =
        beside.between(
            () -> {
              writer.write();
              log.info(
                  "Stopped by a signal after round "
                      + writer.lastRound()
                      + ". The same command goes on from there.");
              log.publish();
            },
            TIME_TO_STOP);
    if (!done) {
      LOG.warn("There was no time for a checkpoint: the same command goes on from the last one");
    }
  }
}
