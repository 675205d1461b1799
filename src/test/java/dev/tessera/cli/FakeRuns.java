package dev.tessera.cli;

import dev.tessera.EvaluatedModel;
import dev.tessera.PreviewSheet;
import dev.tessera.TrainedModel;
import dev.tessera.dataset.PackedForm;
import dev.tessera.dataset.Prepared;
import dev.tessera.job.Job;
import dev.tessera.run.Resume;
import dev.tessera.stats.Evaluation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Remembers what was asked for; trains nothing. */
final class FakeRuns implements Runs {
  static final Evaluation FIGURES =
      new Evaluation(
          1500, 0.9, 1, 0.3, OptionalDouble.empty(), List.of(), List.of(), List.of(), List.of());

  TrainedModel.Origin origin = TrainedModel.Origin.TRAINED_NOW;
  Optional<Evaluation> test = Optional.of(FIGURES);
  boolean stoppedEarly;
  @Nullable Job job;
  @Nullable Resume resume;
  @Nullable String modelFile;
  @Nullable String runDir;
  @Nullable PackedForm form;

  @Override
  public TrainedModel train(Job job, Resume resume) {
    this.job = job;
    this.resume = resume;
    String dir = job.run().dir();
    return new TrainedModel(
        dir,
        dir + "/model.zip",
        List.of("a", "b"),
        3,
        2,
        stoppedEarly,
        1.5,
        Optional.empty(),
        test,
        origin);
  }

  @Override
  public EvaluatedModel evaluate(Job job, String modelFile, @Nullable String runDir) {
    this.job = job;
    this.runDir = runDir;
    this.modelFile = modelFile;
    return new EvaluatedModel("validation", FIGURES);
  }

  @Override
  public PreviewSheet preview(Job job, String file, int count) {
    this.job = job;
    return new PreviewSheet(
        file,
        count,
        3,
        job.augment().isNone() ? 0 : 7,
        file.startsWith("plain") ? List.of("a", "b") : List.of(),
        file.startsWith("bad")
            ? Collections.nCopies(count, "cat/1.jpg (3 bytes): the file is empty")
            : List.of());
  }

  @Override
  public Prepared prepare(Job job, String folder, PackedForm form) {
    this.job = job;
    this.form = form;
    Map<String, Long> images = new LinkedHashMap<>();
    images.put("train", 1200L);
    images.put("test", 300L);
    return new Prepared(folder, false, images, 3, 4);
  }
}
