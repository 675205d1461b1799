package dev.tessera;

import dev.tessera.dataset.DatasetSettings;
import dev.tessera.dataset.HeldOutSet;
import dev.tessera.dataset.ImageDataset;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.error.JobException;
import dev.tessera.job.Job;
import dev.tessera.round.EvaluationTask;
import dev.tessera.round.Evaluator;
import dev.tessera.round.FitTask;
import dev.tessera.spark.HadoopStorage;
import dev.tessera.spark.SparkEvaluator;
import dev.tessera.spark.WorkerJvm;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Evaluates a model file on the held-out set of a job. */
final class StoredModelEvaluation {
  private static final Logger LOG = LoggerFactory.getLogger(StoredModelEvaluation.class);

  private StoredModelEvaluation() {}

  static EvaluatedModel evaluate(SparkSession session, Job job, String modelFile) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    ModelFiles.StoredModel model =
        ModelFiles.read(HadoopStorage.of(modelFile, spark.hadoopConfiguration()), modelFile);
    Workload workload = model.workload();
    if (!workload.network().input().equals(job.image().shape())) {
      throw new JobException(
          "The model "
              + modelFile
              + " takes images of "
              + workload.network().input()
              + " (height x width x channels), the job makes them "
              + job.image().shape()
              + ". Set image.height, image.width and image.channels to the model's.");
    }
    requireUnseen(job, model.job(), modelFile);
    // The updater takes no part in it.
    ReplicaState state = ReplicaState.zeros(workload);
    System.arraycopy(
        model.state().parameters(), 0, state.parameters(), 0, state.parameters().length);
    try (HeldOutSet set =
        ImageDataset.openHeldOut(
            spark,
            job.dataset(),
            job.image(),
            job.run().seed(),
            job.training().workers(),
            model.classNames())) {
      int threads = spark.getConf().getInt("spark.task.cpus", 1);
      // The same minibatches as at the end of training, without room for more.
      Workload capped = workload.capped(set.shards().largest());
      EngineChoice choice =
          EngineChoice.of(
              job,
              capped,
              engine ->
                  new WorkerJvms(WorkerJvm.of(spark, set.shards().blocks(), engine, threads)));
      choice.notes().forEach(LOG::warn);
      choice.jvms().warnings().forEach(LOG::warn);
      MemoryNeeds needs =
          new MemoryNeeds(choice.engine(), capped, job.training().workers(), 0, false);
      MemoryCheck.of(needs, JvmRooms.of(spark, choice.jvms(), threads)).forEach(LOG::warn);
      Evaluator evaluator =
          new SparkEvaluator(
              spark,
              set.shards().blocks(),
              new EvaluationTask(choice.engine(), capped, threads, job.image()),
              model.classNames(),
              set.name());
      return new EvaluatedModel(set.name(), evaluator.evaluate(state));
    } finally {
      FitTask.releaseReplicas();
    }
  }

  /**
   * A part that is held out by fraction is unseen only if it was held out in training too: images
   * lie on [0, 1) by seed and origin, the test part first, then that of validation.
   */
  private static void requireUnseen(Job job, Job trained, String modelFile) {
    DatasetSettings set = job.dataset();
    if (set.test() != null || !set.train().equals(trained.dataset().train())) {
      return;
    }
    double evaluated = testFraction(set) > 0 ? testFraction(set) : validationFraction(set);
    double unseen = testFraction(trained.dataset()) + validationFraction(trained.dataset());
    if (evaluated > unseen || (evaluated > 0 && job.run().seed() != trained.run().seed())) {
      throw new JobException(
          "The model "
              + modelFile
              + " was trained on images that this job holds out, so its figures would be too good."
              + " It was trained with run.seed = "
              + trained.run().seed()
              + ", dataset.testFraction = "
              + testFraction(trained.dataset())
              + " and dataset.validationFraction = "
              + validationFraction(trained.dataset())
              + ". Set them to these, or dataset.test to images of their own.");
    }
  }

  private static double testFraction(DatasetSettings set) {
    return set.test() == null ? set.testFraction() : 0;
  }

  private static double validationFraction(DatasetSettings set) {
    return set.validation() == null ? set.validationFraction() : 0;
  }
}
