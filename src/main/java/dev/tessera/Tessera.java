package dev.tessera;

import dev.tessera.dataset.PackedForm;
import dev.tessera.dataset.Preparation;
import dev.tessera.dataset.Prepared;
import dev.tessera.dataset.StalledJobs;
import dev.tessera.job.Job;
import dev.tessera.run.EvaluationJson;
import dev.tessera.run.Resume;
import dev.tessera.run.RunFolder;
import dev.tessera.spark.HadoopStorage;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Trains and evaluates on a Spark session that somebody else owns: it is never stopped here, and
 * the JVM never ends here. What {@code tessera train} and {@code tessera evaluate} do, for
 * notebooks and programs.
 *
 * <pre>{@code
 * Job job = JobParser.read(Path.of("photos.conf"), List.of("run.dir=/dbfs/runs/photos"));
 * TrainedModel model = Tessera.on(spark).train(job);
 * model.test();
 * }</pre>
 *
 * <p>Calls may follow one another in one session; two at once need two run folders. Every failure
 * that a user can do something about is a {@link dev.tessera.error.TesseraException}.
 */
public final class Tessera {
  private final SparkSession spark;

  private Tessera(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * Works on that session. Its own settings hold; the job's {@code spark} section can't change a
   * running session and is named in the log.
   */
  public static Tessera on(SparkSession spark) {
    return new Tessera(spark);
  }

  /**
   * Trains, and leaves everything in the job's run folder. If the same job has begun there, it goes
   * on from the last checkpoint; if it is over, there is nothing to do.
   */
  public TrainedModel train(Job job) {
    return train(job, Progress.SILENT);
  }

  /** The same, with somebody watching. */
  public TrainedModel train(Job job, Progress progress) {
    return train(job, progress, Resume.AUTO);
  }

  /** The same, with a say in what becomes of a run that has begun in the run folder. */
  public TrainedModel train(Job job, Progress progress, Resume resume) {
    return watched(
        () -> {
          try (TrainingRun run = new TrainingRun(spark, job, progress, resume)) {
            return run.train();
          }
        });
  }

  /**
   * Classifies the job's test set (or, without one, its validation set) with a stored model. Writes
   * nothing.
   *
   * @param modelFile a {@code model.zip} of ours, on any Hadoop file system
   */
  public EvaluatedModel evaluate(Job job, String modelFile) {
    return watched(() -> StoredModelEvaluation.evaluate(spark, job, modelFile));
  }

  /**
   * The same, and writes {@code evaluation.json}, in place of one that is there.
   *
   * @param folder to write it into, on any Hadoop file system; it may be that of a run
   */
  public EvaluatedModel evaluate(Job job, String modelFile, String folder) {
    RunFolder target = RunFolder.at(HadoopStorage.of(folder, hadoop()), folder);
    EvaluatedModel evaluated = evaluate(job, modelFile);
    target.writeJson(
        RunFolder.EVALUATION, EvaluationJson.complete(evaluated.figures(), evaluated.set()));
    return evaluated;
  }

  /**
   * Draws a contact sheet of the job's training images: the first of every class by rank, as they
   * were decoded and as {@code image.augment} shows them to the network.
   *
   * @param file a PNG, on any Hadoop file system; one that is there is replaced
   * @param count of images at most, at least 1
   */
  public PreviewSheet preview(Job job, String file, int count) {
    return watched(() -> PreviewDrawing.draw(spark, job, file, count));
  }

  /**
   * Reads every image of a job once and writes them packed, for {@code dataset.train} of other
   * jobs: pixels at the job's size. Goes on where an earlier call stopped; does nothing where one
   * has finished.
   *
   * @param folder to write into, on a file system that all executors see
   */
  public Prepared prepare(Job job, String folder) {
    return prepare(job, folder, PackedForm.PIXELS);
  }

  /** The same, as pixels or as JPEG files. */
  public Prepared prepare(Job job, String folder, PackedForm form) {
    return watched(
        () ->
            new Preparation(
                    context(),
                    job.dataset(),
                    job.image(),
                    job.run().seed(),
                    form,
                    folder,
                    Version.CURRENT)
                .run());
  }

  private <T> T watched(Supplier<T> command) {
    try (StalledJobs watch = StalledJobs.watch(context())) {
      return watch.during(command);
    }
  }

  private JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }
}
