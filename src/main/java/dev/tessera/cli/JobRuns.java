package dev.tessera.cli;

import dev.tessera.EvaluatedModel;
import dev.tessera.PreviewSheet;
import dev.tessera.TrainedModel;
import dev.tessera.dataset.ClassNames;
import dev.tessera.dataset.DatasetSettings;
import dev.tessera.dataset.PackedForm;
import dev.tessera.dataset.Prepared;
import dev.tessera.job.Job;
import dev.tessera.job.JobParser;
import dev.tessera.round.TrainingSettings;
import dev.tessera.run.Resume;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** From options to a run, and from its result to what the user reads last. */
final class JobRuns {
  /** Images that can't be decoded are named up to this number. */
  private static final int BAD_NAMED = 10;

  private JobRuns() {}

  static String train(
      Runs runs, JobOptions options, @Nullable String runDir, Resume resume, Form output) {
    Job job = JobParser.read(options.job(), options.overrides(runDir));
    TrainedModel model = runs.train(job, resume);
    return switch (output) {
      case TEXT -> before(model) + figures(model) + whereAndNext(model, job, options);
      case JSON -> Results.of(model) + System.lineSeparator();
    };
  }

  private static String before(TrainedModel model) {
    return model.origin() == TrainedModel.Origin.TRAINED_NOW
        ? ""
        : String.format(
            Locale.ROOT,
            "The run in %s has finished before, after %d rounds; there is nothing left to do.%n",
            model.runDir(),
            model.rounds());
  }

  private static String figures(TrainedModel model) {
    return model
        .heldOut()
        .map(evaluated -> evaluated.describe() + System.lineSeparator())
        .orElse("");
  }

  private static String whereAndNext(TrainedModel model, Job job, JobOptions options) {
    return String.format(
            Locale.ROOT,
            "The run is in %s, its model, which DL4J opens, in %s.%n",
            model.runDir(),
            model.modelFile())
        + lookAt(model, job)
        + longer(model, job, options);
  }

  /** Of a run that stopped early more epochs would change nothing. */
  private static String longer(TrainedModel model, Job job, JobOptions options) {
    String key = model.stoppedEarly() ? "training.earlyStopping.patience" : "training.epochs";
    int before =
        model.stoppedEarly() ? job.training().earlyStopping().patience() : job.training().epochs();
    return String.format(
        Locale.ROOT,
        "%s: scripts/tessera train %s --run-dir %s --set %s=%d%n",
        model.stoppedEarly() ? "wait longer for a better evaluation" : "learn longer",
        options.commandLineWithout(key),
        JobOptions.quoted(model.runDir() + "-longer"),
        key,
        2 * before);
  }

  /** DL4J's own trainer records no rounds, and has no report. */
  private static String lookAt(TrainedModel model, Job job) {
    return job.training().trainer() == TrainingSettings.TrainerKind.DL4J
        ? "Next: "
        : String.format(
            Locale.ROOT,
            "Next: open %s/report.html in a browser to see what it did,%n  or ",
            model.runDir());
  }

  static String preview(Runs runs, JobOptions options, String file, int count) {
    Job job = JobParser.read(options.job(), options.overrides());
    PreviewSheet sheet = runs.preview(job, file, count);
    String pictures =
        String.format(
            Locale.ROOT,
            "%s has %s of %s",
            sheet.file(),
            counted(sheet.images(), "image", "images"),
            counted(sheet.classes(), "class", "classes"));
    StringBuilder text = new StringBuilder(pictures);
    text.append(
        sheet.draws() == 0
            ? String.format(" as the network sees them: image.augment is empty.%n")
            : String.format(
                Locale.ROOT,
                ", each as decoded and %d times as the network sees it.%n",
                sheet.draws()));
    if (!sheet.withoutText().isEmpty()) {
      text.append(
          String.format(
              Locale.ROOT,
              "It has no text, since this machine has no fonts. The images are, from the top: %s.%n",
              String.join(", ", sheet.withoutText())));
    }
    sheet.leftOut().stream()
        .limit(BAD_NAMED)
        .forEach(image -> text.append(String.format("Left out: %s%n", image)));
    if (sheet.leftOut().size() > BAD_NAMED) {
      text.append(
          String.format(
              Locale.ROOT,
              "and %,d more that can't be decoded.%n",
              sheet.leftOut().size() - BAD_NAMED));
    }
    return text.toString();
  }

  private static String counted(int count, String one, String many) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
  }

  static String evaluate(
      Runs runs, JobOptions options, String model, @Nullable String runDir, Form output) {
    Job job = JobParser.read(options.job(), options.overrides());
    EvaluatedModel evaluated = runs.evaluate(job, model, runDir);
    return switch (output) {
      case TEXT -> evaluated.describe();
      case JSON -> Results.of(evaluated, model, runDir).toString();
    };
  }

  static String prepare(Runs runs, JobOptions options, String folder, @Nullable Integer quality) {
    Job job = JobParser.read(options.job(), options.overrides());
    PackedForm form = quality == null ? PackedForm.PIXELS : new PackedForm(quality);
    Prepared prepared = runs.prepare(job, folder, form);
    String images =
        prepared.images().entrySet().stream()
            .map(set -> String.format(Locale.ROOT, "%s %,d", set.getKey(), set.getValue()))
            .collect(Collectors.joining(", "));
    return String.format(
            Locale.ROOT,
            "%s in %s: %s images; %,d left out, %,d with a content that another has too.%n",
            prepared.before() ? "Was prepared before," : "Prepared,",
            folder,
            images,
            prepared.leftOut(),
            prepared.duplicates())
        + "Next: scripts/tessera train "
        + options.commandLineWithout("dataset.train")
        + packedSettings(job.dataset(), folder)
        + System.lineSeparator();
  }

  /** What a job has to say otherwise to read its packed images. */
  private static String packedSettings(DatasetSettings dataset, String folder) {
    StringBuilder settings = new StringBuilder();
    if (dataset.train().packedPath() == null) {
      settings.append(" --set dataset.format=folder");
      if (!dataset.train().names().equals(ClassNames.NONE)) {
        settings.append(" --set dataset.classNames=[]");
      }
    }
    settings.append(" --set dataset.train=").append(JobOptions.quoted(folder));
    if (dataset.validation() != null) {
      settings
          .append(" --set dataset.validation=")
          .append(JobOptions.quoted(folder + "/validation"));
    }
    if (dataset.test() != null) {
      settings.append(" --set dataset.test=").append(JobOptions.quoted(folder + "/test"));
    }
    return settings.toString();
  }
}
