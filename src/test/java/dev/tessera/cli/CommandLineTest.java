package dev.tessera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.Golden;
import dev.tessera.TrainedModel;
import dev.tessera.dataset.PackedForm;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private static final String JOB = "jobs/quickstart.conf";

  @Test
  void helpOfTessera() {
    CommandRun run = CommandRun.of("--help");
    assertThat(run.exitCode()).isZero();
    Golden.check("help.txt", run.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "evaluate", "prepare", "summary", "preview", "report"})
  void helpOfEverySubcommand(String subcommand) {
    CommandRun run = CommandRun.of(subcommand, "--help");
    assertThat(run.exitCode()).isZero();
    Golden.check("help-" + subcommand + ".txt", run.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--version",
        "train --version",
        "evaluate --version",
        "summary --version",
        "preview --version"
      })
  void versionOfEverySubcommand(String line) {
    CommandRun run = CommandRun.of(line.split(" ", -1));
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).matches("tessera [0-9.]+\\R");
  }

  @Test
  void trainEndsWithWhereEverythingIsAndWhatToTryNext() {
    CommandRun run =
        CommandRun.of(
            "train",
            JOB,
            "--set",
            "run.name=my run",
            "--set",
            "training.epochs=6",
            "--run-dir",
            "out/a");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            """
            Test: accuracy 0.9000, top-5 1.0000, loss 0.300000 on 1,500 images
            The run is in out/a, its model, which DL4J opens, in out/a/model.zip.
            Next: open out/a/report.html in a browser to see what it did,
              or learn longer: scripts/tessera train jobs/quickstart.conf --set 'run.name=my run' --run-dir out/a-longer --set training.epochs=12
            """);
  }

  @Test
  void ofARunThatStoppedEarlyTheNextStepIsMorePatience() {
    FakeRuns runs = new FakeRuns();
    runs.stoppedEarly = true;
    String[] line = {
      "train", JOB, "--run-dir", "out/a", "--set", "training.earlyStopping={ patience = 5 }"
    };
    CommandRun run = CommandRun.of(runs, line);
    assertThat(run.out())
        .endsWith(
            "  or wait longer for a better evaluation: scripts/tessera train jobs/quickstart.conf --set"
                + " 'training.earlyStopping={ patience = 5 }' --run-dir out/a-longer --set"
                + " training.earlyStopping.patience=10"
                + System.lineSeparator());
    CommandRun.of(
        runs,
        "train",
        JOB,
        "--set",
        "training.earlyStopping={ patience = 5 }",
        "--set",
        "training.earlyStopping.patience=10");
    assertThat(Objects.requireNonNull(runs.job).training().earlyStopping().patience())
        .isEqualTo(10);
  }

  @Test
  void ofARunThatWasOverItSaysSoWithItsFigures() {
    FakeRuns runs = new FakeRuns();
    runs.origin = TrainedModel.Origin.EARLIER_RUN;
    assertThat(CommandRun.of(runs, "train", JOB, "--run-dir", "out/a").out())
        .startsWith(
            "The run in out/a has finished before, after 3 rounds; there is nothing left to do."
                + System.lineSeparator()
                + "Test: accuracy 0.9000, top-5 1.0000, loss 0.300000 on 1,500 images"
                + System.lineSeparator());
  }

  @Test
  void ofARunWithoutAReportTheNextStepIsToLearnLonger() {
    assertThat(CommandRun.of("train", JOB, "--set", "training.trainer=dl4j").out())
        .contains("Next: learn longer: scripts/tessera train ")
        .doesNotContain("report.html");
  }

  @Test
  void theNextCommandHasDigitsThatItsReaderKnows() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      assertThat(CommandRun.of("train", JOB, "--set", "training.epochs=6").out())
          .endsWith("--set training.epochs=12" + System.lineSeparator());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void setAndRunDirReachTheJob() {
    FakeRuns runs = new FakeRuns();
    CommandRun.of(
        runs,
        "train",
        "--set=training.epochs=5",
        JOB,
        "--set",
        "dataset.classNames=[a, b]",
        "--run-dir",
        "a \"${run.name}\" \\ folder");
    assertThat(Objects.requireNonNull(runs.job).training().epochs()).isEqualTo(5);
    assertThat(runs.job.run().dir()).isEqualTo("a \"${run.name}\" \\ folder");
  }

  @Test
  void evaluateNeedsAModel() {
    FakeRuns runs = new FakeRuns();
    CommandRun run = CommandRun.of(runs, "evaluate", JOB, "--model", "m.zip");
    assertThat(run.exitCode()).isZero();
    assertThat(runs.modelFile).isEqualTo("m.zip");
    CommandRun without = CommandRun.of("evaluate", JOB);
    assertThat(without.exitCode()).isEqualTo(2);
    assertThat(without.err()).startsWith("tessera: Missing required option: '--model=FILE'");
  }

  @Test
  void evaluateNamesTheSetAndSaysOfItWhatTrainSays() {
    FakeRuns runs = new FakeRuns();
    CommandRun run = CommandRun.of(runs, "evaluate", JOB, "--model", "m.zip");
    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            "Validation: accuracy 0.9000, top-5 1.0000, loss 0.300000 on 1,500 images\n");
    assertThat(runs.runDir).isNull();
    CommandRun.of(runs, "evaluate", JOB, "--model", "m.zip", "--run-dir", "out/b");
    assertThat(runs.runDir).isEqualTo("out/b");
  }

  @Test
  void previewSaysWhatTheSheetShows() {
    CommandRun plain = CommandRun.of("preview", JOB, "--out", "out/a.png");
    assertThat(plain.exitCode()).as(plain.err()).isZero();
    assertThat(plain.out())
        .isEqualToNormalizingNewlines(
            "out/a.png has 10 images of 3 classes as the network sees them: image.augment is"
                + " empty.\n");
    String flip = "image.augment.horizontalFlip=0.5";
    assertThat(CommandRun.of("preview", JOB, "--out", "a.png", "--count", "1", "--set", flip).out())
        .isEqualToNormalizingNewlines(
            "a.png has 1 image of 3 classes, each as decoded and 7 times as the network sees it.\n");
    assertThat(CommandRun.of("preview", JOB, "--out", "plain.png").out())
        .endsWith(
            "It has no text, since this machine has no fonts. The images are, from the top: a, b."
                + System.lineSeparator());
    assertThat(CommandRun.of("preview", JOB, "--out", "bad.png", "--count", "12").out())
        .endsWith(
            "Left out: cat/1.jpg (3 bytes): the file is empty"
                + System.lineSeparator()
                + "and 2 more that can't be decoded."
                + System.lineSeparator());
    assertThat(CommandRun.of("preview", JOB, "--out", "bad.png", "--count", "1").out())
        .endsWith("Left out: cat/1.jpg (3 bytes): the file is empty" + System.lineSeparator());
  }

  @Test
  void previewNeedsAFileAndACountThatCanBeLookedAt() {
    CommandRun without = CommandRun.of("preview", JOB);
    assertThat(without.exitCode()).isEqualTo(2);
    assertThat(without.err()).startsWith("tessera: Missing required option: '--out=FILE'");
    for (String count : new String[] {"0", "201", "-1"}) {
      CommandRun run = CommandRun.of("preview", JOB, "--out", "a.png", "--count", count);
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err())
          .startsWith("tessera: --count " + count + ": a whole number from 1 to 200 belongs here");
    }
  }

  @Test
  void prepareSaysWhatIsThereAndHowToTrainOnIt() {
    FakeRuns runs = new FakeRuns();
    CommandRun run =
        CommandRun.of(
            runs, "prepare", JOB, "--to", "packed images", "--set", "dataset.train=a", "--set=x=1");
    assertThat(run.err()).contains("there is no such key");
    run = CommandRun.of(runs, "prepare", JOB, "--to", "packed images", "--jpeg-quality", "90");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            """
            Prepared, in packed images: train 1,200, test 300 images; 3 left out, 4 with a content that another has too.
            Next: scripts/tessera train jobs/quickstart.conf --set dataset.format=folder --set dataset.classNames=[] --set dataset.train='packed images'
            """);
    assertThat(runs.form).isEqualTo(new PackedForm(90));
    CommandRun.of(runs, "prepare", JOB, "--to", "packed");
    assertThat(runs.form).isEqualTo(PackedForm.PIXELS);
    assertThat(CommandRun.of("prepare", JOB).err())
        .startsWith("tessera: Missing required option: '--to=DIR'");
    for (String quality : new String[] {"0", "101"}) {
      CommandRun wrong = CommandRun.of("prepare", JOB, "--to", "a", "--jpeg-quality", quality);
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.err()).startsWith("tessera: --jpeg-quality = " + quality + ": ");
    }
  }

  @Test
  void wrongCommandLinesAreExplained() {
    assertThat(CommandRun.of("trian", JOB))
        .satisfies(
            run -> {
              assertThat(run.exitCode()).isEqualTo(2);
              assertThat(run.err())
                  .startsWith("tessera: Unmatched argument")
                  .contains("Did you mean: tessera train");
            });
    assertThat(CommandRun.of("train", "--sett", "a=b", JOB))
        .satisfies(
            run -> {
              assertThat(run.exitCode()).isEqualTo(2);
              assertThat(run.err()).contains("Unknown option", "Possible solutions: --set");
            });
    assertThat(CommandRun.of())
        .satisfies(
            run -> {
              assertThat(run.exitCode()).isEqualTo(2);
              assertThat(run.err()).contains("a subcommand belongs here", "tessera --help");
            });
    assertThat(CommandRun.of("train").err()).contains("Missing required parameter: 'JOB'");
  }
}
