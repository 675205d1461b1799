package dev.tessera;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.baseline.Dl4jTrainer;
import dev.tessera.dataset.ImageDataset;
import dev.tessera.dataset.Shards;
import dev.tessera.dataset.TaskFailedException;
import dev.tessera.engine.Engine;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.error.DivergenceException;
import dev.tessera.error.JobException;
import dev.tessera.error.StorageException;
import dev.tessera.error.TesseraException;
import dev.tessera.image.PixelScaling;
import dev.tessera.job.Job;
import dev.tessera.network.NetworkException;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NetworkSummary;
import dev.tessera.report.Report;
import dev.tessera.round.ActivationTask;
import dev.tessera.round.EarlyStopping;
import dev.tessera.round.EvaluationTask;
import dev.tessera.round.Evaluator;
import dev.tessera.round.EventRecorder;
import dev.tessera.round.FitTask;
import dev.tessera.round.LastEvaluation;
import dev.tessera.round.TrainingSettings;
import dev.tessera.run.Checkpoint;
import dev.tessera.run.Checkpoints;
import dev.tessera.run.EvaluationJson;
import dev.tessera.run.Resume;
import dev.tessera.run.RunFolder;
import dev.tessera.run.RunLock;
import dev.tessera.run.RunLog;
import dev.tessera.spark.HadoopStorage;
import dev.tessera.spark.SparkActivations;
import dev.tessera.spark.SparkEvaluator;
import dev.tessera.spark.WorkerJvm;
import dev.tessera.stats.Evaluation;
import dev.tessera.stats.ImageActivations;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code train}: puts the parts together, in the order in which a user can be told early
 * what is wrong.
 */
final class TrainingRun implements AutoCloseable {
  private final JavaSparkContext spark;
  private final Job job;
  private final Progress progress;
  private final RunFolder folder;
  private final Resume resume;
  private final int threads;
  private @Nullable ResumedRun resumed;
  private ObjectNode manifest = new ObjectMapper().createObjectNode();
  private Runnable stillOurs = () -> {};
  private @Nullable ImageDataset dataset;
  private @Nullable EngineChoice choice;
  private List<String> memoryWarnings = List.of();

  /**
   * A run that has not begun.
   *
   * @param resume what becomes of a run that has begun in the folder
   */
  TrainingRun(SparkSession session, Job job, Progress progress, Resume resume) {
    this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    this.job = job;
    this.progress = progress;
    this.resume = resume;
    this.folder =
        RunFolder.at(
            HadoopStorage.of(job.run().dir(), spark.hadoopConfiguration()), job.run().dir());
    this.threads = spark.getConf().getInt("spark.task.cpus", 1);
  }

  TrainedModel train() {
    // First: a folder that can't be written shall show before the images are read.
    try (RunLock lock = RunLock.take(folder)) {
      resumed = ResumedRun.of(lock.folder(), job, resume);
      return resumed != null && resumed.isFinished() ? resumed.finished() : trainLocked(lock);
    }
  }

  private TrainedModel trainLocked(RunLock lock) {
    if (resumed == null) {
      folder.begin(job.resolved());
    } else {
      folder.goOn();
    }
    stillOurs = lock::requireOwn;
    ImageDataset images;
    Workload workload;
    ResumedRun.Continuation from;
    try {
      images =
          ImageDataset.open(
              spark,
              job.dataset(),
              job.image(),
              job.run().seed(),
              job.training().workers(),
              (long) job.training().batchSize() * job.training().averagingFrequency());
      dataset = images;
      workload = workload(images);
      // Refuses before anything of the earlier run is written anew.
      from = continuation(images);
    } catch (RuntimeException | Error e) {
      if (resumed == null) {
        release(e);
      }
      throw e;
    }
    try (RunLog log = new RunLog(folder)) {
      return train(log, images, workload, from);
    }
  }

  /** The user mends the job or the images, and starts again with the same folder. */
  private void release(Throwable failure) {
    try {
      folder.release();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private TrainedModel train(
      RunLog log, ImageDataset images, Workload workload, ResumedRun.Continuation from) {
    try {
      describe(log, images, workload);
      long began = System.nanoTime();
      Evaluator validation = evaluator(images, images.validation(), "validation", workload);
      Trained trained = fit(log, images, workload, validation, from);
      double seconds = (System.nanoTime() - began) / 1e9;
      // First of all: nothing that fails afterwards may lose it.
      ModelFiles.write(
          folder, job, images.classNames(), workload, trained.state(), trained.iterations());
      Evaluator test = evaluator(images, images.test(), "test", workload);
      Optional<Evaluation> held = evaluation(validation, trained.state());
      Optional<Evaluation> tested = evaluation(test, trained.state());
      writeEvaluation(log, trained, held, tested);
      folder.writeJson(
          RunFolder.PICTURES,
          RunPictures.json(
              workload.network(),
              trained.state(),
              tested.or(() -> held),
              activations(log, images, workload, trained.state(), held, tested)));
      return finish(log, images.classNames(), trained, seconds, held, tested);
    } catch (RuntimeException | Error e) {
      noteEnd(log, e);
      if (e instanceof DivergenceException) {
        // Of all runs that stop the one to look at.
        report(log);
      }
      throw e;
    }
  }

  /** Whoever finds the folder without a model shall find the reason too. */
  private static void noteEnd(RunLog log, Throwable failure) {
    try {
      boolean told = failure instanceof TesseraException || failure instanceof TaskFailedException;
      String reason =
          told ? failure.getMessage() : failure.toString().lines().findFirst().orElse("");
      log.record("The run stopped before its end: " + reason);
      if (!(failure instanceof TesseraException) || failure.getCause() != null) {
        log.recordStack(failure);
      }
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private Workload workload(ImageDataset images) {
    requireValidation(images);
    NetworkPlan network = compile(images.classNames().size());
    TrainingSettings training = job.training().weighted(images.train().classCounts());
    int weights = training.objective().classWeights().size();
    if (weights != 0 && weights != network.classes()) {
      throw new JobException(
          "training.classWeights has "
              + weights
              + " numbers but the data set has "
              + network.classes()
              + " classes: "
              + String.join(", ", images.classNames())
              + ". Give one number a class, in that order.");
    }
    Workload workload =
        training.workload(network, scaling(images.train())).capped(images.train().largest());
    choice = EngineChoice.of(job, workload, engine -> jvms(images, engine));
    memoryWarnings =
        MemoryCheck.of(
            new MemoryNeeds(
                engine(),
                workload,
                job.training().workers(),
                (long) images.train().largest() * job.image().shape().size(),
                job.training().trainer() == TrainingSettings.TrainerKind.AVERAGING),
            JvmRooms.of(spark, choice().jvms(), threads));
    return workload;
  }

  /** The job has one; whether a fraction of the images comes to any, only they tell. */
  private void requireValidation(ImageDataset images) {
    if (images.validation() == null && !job.training().earlyStopping().equals(EarlyStopping.OFF)) {
      throw new JobException(
          "training.earlyStopping needs a validation set, and dataset.validationFraction = "
              + job.dataset().validationFraction()
              + " of these images comes to none. Make it larger, give dataset.validation, or leave"
              + " training.earlyStopping out.");
    }
  }

  private WorkerJvms jvms(ImageDataset images, Engine engine) {
    return new WorkerJvms(WorkerJvm.of(spark, images.train().blocks(), engine, threads));
  }

  /** Chosen with the workload. */
  private EngineChoice choice() {
    return Objects.requireNonNull(choice);
  }

  private Engine engine() {
    return choice().engine();
  }

  private NetworkPlan compile(int classes) {
    try {
      return job.model().compile(job.image().shape(), classes);
    } catch (NetworkException e) {
      throw new JobException(job.modelOrigin().locate(e), e);
    }
  }

  private PixelScaling scaling(Shards train) {
    int channels = job.image().channels();
    return switch (job.image().scaling()) {
      case UNIT -> PixelScaling.unit(channels);
      case SYMMETRIC -> PixelScaling.symmetric(channels);
      case STANDARDISE -> {
        var moments = train.moments();
        yield PixelScaling.standardise(moments.means(), moments.deviations());
      }
    };
  }

  private Trained fit(
      RunLog log,
      ImageDataset images,
      Workload workload,
      @Nullable Evaluator validation,
      ResumedRun.Continuation from) {
    ReplicaState start = workload.initialState(job.run().seed());
    from.tell(log);
    return switch (job.training().trainer()) {
      case AVERAGING -> average(log, images, workload, validation, start, from.checkpoint());
      case DL4J -> baseline(log, images, workload, validation, start);
    };
  }

  private Trained average(
      RunLog log,
      ImageDataset images,
      Workload workload,
      @Nullable Evaluator validation,
      ReplicaState start,
      Optional<Checkpoint> from) {
    AveragedRounds rounds =
        new AveragedRounds(spark, job, folder, log, images, workload, engine(), threads);
    return rounds.run(
        start, from, validation, progress, checkpoints(), identity(images), stillOurs);
  }

  private ResumedRun.Continuation continuation(ImageDataset images) {
    if (resumed == null) {
      return ResumedRun.Continuation.NONE;
    }
    return switch (job.training().trainer()) {
      case AVERAGING -> resumed.continuation(checkpoints(), identity(images), resume);
      case DL4J -> ResumedRun.withoutCheckpoints(resume);
    };
  }

  private Checkpoints checkpoints() {
    return new Checkpoints(folder, job.run().checkpoints().kept());
  }

  private ObjectNode identity(ImageDataset images) {
    return ResumedRun.identity(job, images, choice(), threads);
  }

  private Trained baseline(
      RunLog log,
      ImageDataset images,
      Workload workload,
      @Nullable Evaluator validation,
      ReplicaState start) {
    log.info(
        "Training: DL4J's own ParameterAveragingTrainingMaster over the same shards, as a baseline");
    if (job.run().tensorboard()) {
      log.warn(
          "run.tensorboard = true: training.trainer = dl4j records no rounds, so there is no event"
              + " file");
    }
    ReplicaState state =
        new Dl4jTrainer(workload, job.training(), job.run().seed())
            .train(
                images.train().pixelBlocks(job.image()),
                start,
                (epoch, after, score) -> {
                  String figures =
                      validation == null
                          ? ""
                          : ", validation: " + validation.evaluate(after).describe();
                  String line =
                      String.format(
                          Locale.ROOT,
                          "epoch %d/%d score %.4f%s",
                          epoch + 1,
                          job.training().epochs(),
                          score,
                          figures);
                  log.info(line);
                  progress.round(epoch + 1, job.training().epochs(), line);
                });
    return new Trained(state, 0, 0, false, 0);
  }

  private @Nullable Evaluator evaluator(
      ImageDataset images, @Nullable Shards shards, String name, Workload workload) {
    return shards == null
        ? null
        : new LastEvaluation(
            new SparkEvaluator(
                spark,
                shards.blocks(),
                new EvaluationTask(engine(), workload, threads, job.image()),
                images.classNames(),
                name));
  }

  private void describe(RunLog log, ImageDataset images, Workload workload) {
    String summary = NetworkSummary.of(workload.network());
    folder.writeText(RunFolder.SUMMARY, summary);
    manifest = Manifest.of(spark, job, images, choice(), workload);
    folder.writeJson(RunFolder.MANIFEST, manifest);
    log.info("Run " + job.run().name() + " in " + folder.path() + ", seed " + job.run().seed());
    log.info(DatasetLines.of(images));
    if (job.training().classWeighting() == TrainingSettings.ClassWeighting.BALANCED) {
      log.info(DatasetLines.weights(images, workload.objective().classWeights()));
    }
    QuarantineFile.write(folder, log, images);
    log.info(summary.stripTrailing());
    if (workload.batchSize() < job.training().batchSize()) {
      log.info(
          String.format(
              Locale.ROOT,
              "training.batchSize = %d is more than any shard has: a minibatch is a whole shard, of up"
                  + " to %,d images",
              job.training().batchSize(),
              workload.batchSize()));
    }
    choice().notes().forEach(log::warn);
    log.info(choice().jvms().describe(threads, engine().plan(workload)));
    choice().jvms().warnings().forEach(log::warn);
    memoryWarnings.forEach(log::warn);
    SessionSettings.warnOfOthers(spark.getConf(), job.spark(), log);
    Slots.warnIfFewer(spark, job.training().workers(), threads, log);
  }

  private void writeEvaluation(
      RunLog log, Trained trained, Optional<Evaluation> validation, Optional<Evaluation> test) {
    test.or(() -> validation)
        .ifPresent(
            figures ->
                folder.writeJson(
                    RunFolder.EVALUATION,
                    EvaluationJson.complete(
                        figures,
                        test.isPresent() ? EvaluatedModel.TEST : EvaluatedModel.VALIDATION)));
    test.ifPresent(
        figures -> {
          log.info("test: " + figures.describe());
          if (writesEvents()) {
            addEvent(log, trained.modelRound(), figures);
          }
        });
  }

  /** Whatever is wrong with TensorBoard's file at the end, the run is not. */
  private void addEvent(RunLog log, int round, Evaluation test) {
    try {
      EventRecorder.addTest(folder, round, test);
    } catch (StorageException e) {
      log.warn(
          "The run is whole, but its events for TensorBoard lack the figures of the test set: "
              + e.getMessage());
    }
  }

  private TrainedModel finish(
      RunLog log,
      List<String> classNames,
      Trained trained,
      double seconds,
      Optional<Evaluation> validation,
      Optional<Evaluation> test) {
    String model = folder.file(RunFolder.MODEL);
    log.info(String.format(Locale.ROOT, "Trained in %.1f s. Model: %s", seconds, model));
    Manifest.finish(manifest, trained, seconds);
    folder.writeJson(RunFolder.MANIFEST, manifest);
    report(log);
    return new TrainedModel(
        folder.path(),
        model,
        classNames,
        trained.rounds(),
        trained.modelRound(),
        trained.stoppedEarly(),
        seconds,
        validation,
        test,
        TrainedModel.Origin.TRAINED_NOW);
  }

  /** Where no round is recorded there is nothing to show. */
  private boolean writesEvents() {
    return job.run().tensorboard()
        && job.training().trainer() == TrainingSettings.TrainerKind.AVERAGING;
  }

  /** Whatever is wrong with the report, the run is not. */
  private void report(RunLog log) {
    if (job.training().trainer() != TrainingSettings.TrainerKind.AVERAGING) {
      // It records no rounds.
      return;
    }
    try {
      folder.writeText(RunFolder.REPORT, Report.of(List.of(folder)).html());
    } catch (JobException e) {
      // It diverged in its first round.
      log.record("There is no report: no round was recorded.");
    } catch (RuntimeException | Error e) {
      log.warn(
          "The report could not be written: "
              + e.getMessage()
              + " The run itself is whole; scripts/tessera report "
              + folder.path()
              + " tries again.");
    }
  }

  /** Of the set that {@code evaluation.json} is about. */
  private List<ImageActivations> activations(
      RunLog log,
      ImageDataset images,
      Workload workload,
      ReplicaState state,
      Optional<Evaluation> validation,
      Optional<Evaluation> test) {
    @Nullable Shards shards = test.isPresent() ? images.test() : images.validation();
    Optional<Evaluation> figures = test.or(() -> validation);
    if (shards == null || figures.isEmpty()) {
      return List.of();
    }
    String name = test.isPresent() ? "test" : "validation";
    ActivationTask task = new ActivationTask(engine(), workload, threads, job.image());
    SparkActivations activations = new SparkActivations(spark, shards.blocks(), task, name);
    return RunPictures.orNone(
        log,
        name,
        () -> spark.sc().isStopped(),
        () -> activations.of(state, figures.orElseThrow().shown()));
  }

  private static Optional<Evaluation> evaluation(
      @Nullable Evaluator evaluator, ReplicaState state) {
    return evaluator == null ? Optional.empty() : Optional.of(evaluator.evaluate(state));
  }

  /** Gives back what the run held on the cluster and in this JVM. */
  @Override
  public void close() {
    FitTask.releaseReplicas();
    if (dataset != null) {
      dataset.close();
    }
  }
}
