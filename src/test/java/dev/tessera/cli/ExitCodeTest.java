package dev.tessera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.error.DataException;
import dev.tessera.error.DivergenceException;
import dev.tessera.error.JobException;
import dev.tessera.error.StorageException;
import dev.tessera.error.TesseraException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExitCodeTest {
  @TempDir Path folder;

  private static CommandRun failWith(Throwable failure) {
    return CommandRun.of(new FailingRuns(failure), "train", "jobs/quickstart.conf");
  }

  @Test
  void everyKindOfFailureHasItsCodeAndNoStackTrace() {
    assertFails(new JobException("job"), 2);
    assertFails(new DataException("data"), 3);
    assertFails(new DivergenceException("divergence"), 4);
    assertFails(new StorageException("storage", new IOException("cause")), 5);
    assertThat(TesseraException.class.getPermittedSubclasses()).hasSize(4);
  }

  private static void assertFails(TesseraException e, int code) {
    CommandRun run = failWith(e);
    assertThat(run.exitCode()).isEqualTo(code);
    assertThat(run.err()).isEqualToNormalizingNewlines("tessera: " + e.getMessage() + "\n");
  }

  @Test
  void findsWhatSparkWraps() {
    CommandRun run = failWith(new RuntimeException("Job aborted", new DataException("data")));
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).isEqualToNormalizingNewlines("tessera: data\n");
  }

  @Test
  void aDefectShowsItsStackTheVersionsAndAsksForAReport() {
    CommandRun run = failWith(new IllegalStateException("surprise"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("at dev.tessera.cli.ExitCodeTest")
        .contains("tessera: java.lang.IllegalStateException: surprise")
        .contains("This is a defect of Tessera. Please report it")
        .containsPattern("Tessera [0-9.]+, Spark [0-9.]+, Java 17");
  }

  @Test
  void outOfMemorySaysWhereToGiveMore() {
    CommandRun run = failWith(new IllegalStateException(new OutOfMemoryError("Java heap space")));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("tessera: out of memory: Java heap space.\n  Give the driver more")
        .doesNotContain("\tat ");
  }

  @Test
  void aFullDiskIsStorage() {
    CommandRun run =
        failWith(
            new IllegalStateException(
                new UncheckedIOException(new IOException("No space left on device"))));
    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.err()).startsWith("tessera: a disk is full: No space left on device.");
  }

  @Test
  void whatFailsAfterASignalIsNoDefect() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                EndingJvm.class.getName())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualToNormalizingNewlines(
            "tessera: stopped by a signal before the end. Every file that was written is whole.\n");
    process.waitFor();
  }

  /** Reports a failure when the JVM is already on its way out. */
  static final class EndingJvm {
    private EndingJvm() {}

    public static void main(String[] args) {
      PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
      Messages messages = Messages.of(args, out, out);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () ->
                      messages.failed(
                          Failures.explain(new IllegalStateException("Spark has been stopped")))));
    }
  }

  @Test
  void withoutSparkItSaysHowToStart() {
    for (String name :
        new String[] {"org/apache/spark/SparkConf", "org/apache/hadoop/conf/Configuration"}) {
      CommandRun run = failWith(new NoClassDefFoundError(name));
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err())
          .isEqualToNormalizingNewlines(
              "tessera: Spark is not on the class path.\n  Start with scripts/tessera, or with"
                  + " spark-submit.\n");
    }
  }

  @Test
  void badJobsAreBadInput() throws IOException {
    Path job = folder.resolve("bad.conf");
    Files.writeString(job, "dataset.train = a\ntraining.batchSize = -3\n");
    CommandRun run = CommandRun.of("train", job.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("tessera: " + job + ":2: training.batchSize = -3: below the smallest allowed");
    assertThat(CommandRun.of("summary", folder.resolve("none.conf").toString()))
        .satisfies(missing -> assertThat(missing.exitCode()).isEqualTo(2))
        .satisfies(missing -> assertThat(missing.err()).contains("there is no such job file"));
  }
}
