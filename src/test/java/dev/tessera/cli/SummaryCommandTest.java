package dev.tessera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryCommandTest {
  @TempDir Path folder;

  private CommandRun summary(String job, String... more) throws IOException {
    Path file = folder.resolve("job.conf");
    Files.writeString(file, job);
    String[] args = new String[2 + more.length];
    args[0] = "summary";
    args[1] = file.toString();
    System.arraycopy(more, 0, args, 2, more.length);
    return CommandRun.of(args);
  }

  @Test
  void printsTheQuickstartsNetwork() {
    CommandRun run = CommandRun.of("summary", "jobs/quickstart.conf");
    assertThat(run.exitCode()).isZero();
    Golden.check("summary-quickstart.txt", run.out());
  }

  @Test
  void guessesTenClassesWithoutImagesAndSaysSo() throws IOException {
    CommandRun run = summary("dataset.train = \"hdfs://nowhere/x\"");
    assertThat(run.out())
        .contains("158,122")
        .contains(
            "Classes: 10, a guess: the images of dataset.train are not on this machine; --classes N"
                + " sets another number.");
  }

  @Test
  void takesTheNumberFromTheOptionTheJobOrTheImages() throws IOException {
    for (String name : new String[] {"cat", "dog", "bird", ".hidden", "_logs"}) {
      Files.createDirectories(folder.resolve("train").resolve(name));
    }
    String job = "dataset.train = \"" + folder.resolve("train") + "\"\n";
    assertThat(summary(job).out()).contains("Classes: 3, as dataset.train has.");
    assertThat(summary(job, "--classes", "7").out()).contains("Classes: 7, as --classes says.");
    assertThat(summary("dataset { format = cifar, train = [x], classes = 100 }").out())
        .contains("Classes: 100, as dataset says.");
    assertThat(
            summary(job + "model.layers = [ { flatten {} }, { dense = 1, activation = sigmoid } ]")
                .out())
        .contains("Classes: 2, as the last layer says.");
    assertThat(
            CommandRun.of("summary", "jobs/quickstart.conf", "--set", "dataset.classNames=null")
                .out())
        .contains("Classes: 10, as dataset.train has.");
  }

  @Test
  void writesTheNetworkIntoARunFolderIfThereIsOne() throws IOException {
    Path run = folder.resolve("a/run");
    CommandRun written =
        CommandRun.of("summary", "jobs/quickstart.conf", "--run-dir", run.toString());
    assertThat(written.exitCode()).as(written.err()).isZero();
    Golden.check("summary-quickstart.txt", written.out());
    assertThat(Files.readString(run.resolve("summary.txt")))
        .isEqualTo(written.out().substring(0, written.out().indexOf("Classes: ")));
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files).containsExactly(run.resolve("summary.txt"));
    }
  }

  /** A file system that is nothing without its settings, as s3a often is. */
  @Test
  void writesWhereHadoopNeedsSettingsThatSparkSubmitOrTheJobHas() throws IOException {
    String mount = "spark.hadoop.fs.viewfs.mounttable.store.link./runs";
    String place = Files.createDirectory(folder.resolve("place")).toUri().toString();
    String run = "viewfs://store/runs/one";
    CommandRun without = CommandRun.of("summary", "jobs/quickstart.conf", "--run-dir", run);
    assertThat(without.exitCode()).isEqualTo(2);
    assertThat(without.err()).startsWith("tessera: Cannot use the path " + run + ": ");
    CommandRun ofTheJob =
        summary(
            "dataset.train = a\nspark { \"" + mount + "\" = \"" + place + "\" }", "--run-dir", run);
    assertThat(ofTheJob.exitCode()).as(ofTheJob.err()).isZero();
    assertThat(folder.resolve("place/one/summary.txt")).exists();
    // Where spark-submit puts what --conf says.
    System.setProperty(mount, Files.createDirectory(folder.resolve("other")).toUri().toString());
    try {
      CommandRun given =
          summary(
              "dataset.train = a\nspark { \"" + mount + "\" = \"" + place + "\" }",
              "--run-dir",
              run + "-more");
      assertThat(given.exitCode()).as(given.err()).isZero();
    } finally {
      System.clearProperty(mount);
    }
    assertThat(folder.resolve("other/one-more/summary.txt")).exists();
  }

  @Test
  void aRunFolderThatCannotBeWrittenIsAFailureOfStorage() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    CommandRun run = CommandRun.of("summary", "jobs/quickstart.conf", "--run-dir", file.toString());
    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "tessera: Cannot write "
                + file
                + "/summary.txt: FileAlreadyExistsException "
                + file
                + ". Check that the file system has room, can be reached, and lets this user write"
                + " there; everything written before is whole.\n");
  }

  @Test
  void refusesAModelThatDoesNotFitTheClasses() throws IOException {
    CommandRun one = summary("dataset.train = a", "--classes", "1");
    assertThat(one.exitCode()).isEqualTo(2);
    assertThat(one.err()).contains("the data set has 1 class.");
    CommandRun other =
        summary(
            "dataset.train = a\nmodel.layers = [ { flatten {} },\n { dense = 7, activation = softmax } ]",
            "--classes",
            "5");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("job.conf:3: model.layers[1]: layer 2 (dense) has 7 outputs");
  }
}
