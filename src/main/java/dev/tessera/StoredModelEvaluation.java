package dev.tessera;

import dev.tessera.dataset.HeldOutSet;
import dev.tessera.dataset.ImageDataset;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.engine.nd4j.Nd4jEngine;
import dev.tessera.error.JobException;
import dev.tessera.job.Job;
import dev.tessera.round.EvaluationTask;
import dev.tessera.round.FitTask;
import dev.tessera.spark.HadoopStorage;
import dev.tessera.spark.SparkEvaluator;
import dev.tessera.stats.Evaluation;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Evaluates a model file on the held-out set of a job. */
final class StoredModelEvaluation {
  private StoredModelEvaluation() {}

  static Evaluation evaluate(SparkSession session, Job job, String modelFile) {
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
      return new SparkEvaluator(
              spark,
              set.shards().blocks(),
              new EvaluationTask(new Nd4jEngine(), workload, threads),
              model.classNames(),
              set.name())
          .evaluate(state);
    } finally {
      FitTask.releaseReplicas();
    }
  }
}
