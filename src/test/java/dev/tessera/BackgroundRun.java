package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * {@code scripts/tessera train} in a process of its own, with the executors that it starts and what
 * Spark notes of them in its event log. Ends everything when it is closed.
 */
final class BackgroundRun implements AutoCloseable {
  private static final long LIMIT_SECONDS = 120;
  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

  private final Process process;
  private final Path folder;
  private final Path events;
  private final Path output;

  /**
   * Starts it.
   *
   * @param folder to become the run folder; beside it lie its output and its events
   */
  BackgroundRun(Path job, Path folder, String master, String... options) throws IOException {
    this.folder = folder;
    this.events = Files.createDirectories(Path.of(folder + ".events"));
    this.output = Path.of(folder + ".out");
    List<String> command =
        new ArrayList<>(
            List.of(
                "scripts/tessera",
                "train",
                job.toString(),
                "--run-dir",
                folder.toString(),
                "--master",
                master,
                "--conf",
                "spark.eventLog.enabled=true",
                "--conf",
                "spark.eventLog.compress=false",
                "--conf",
                "spark.eventLog.dir=" + events.toUri()));
    command.addAll(List.of(options));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().remove("SPARK_HOME");
    process = builder.start();
  }

  /** Waits for its end; it shall be a good one. */
  ModelBits bits() throws Exception {
    assertThat(exitCode()).as(output()).isZero();
    return ModelBits.of(folder);
  }

  int exitCode() throws InterruptedException, IOException {
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as(output()).isTrue();
    return process.exitValue();
  }

  /** Asks it to end, as a scheduler does. */
  void terminate() {
    process.destroy();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Standard output and error. */
  String output() throws IOException {
    return Files.readString(output);
  }

  /**
   * Lines of Spark's event log, as far as they were written, that have all of the texts in them.
   */
  long events(String... texts) {
    try (Stream<Path> files = Files.list(events)) {
      long count = 0;
      for (Path file : files.toList()) {
        try (Stream<String> lines = Files.lines(file)) {
          count += lines.filter(line -> Stream.of(texts).allMatch(line::contains)).count();
        }
      }
      return count;
    } catch (IOException | java.io.UncheckedIOException e) {
      // It is renamed at the end of the run; looked at once more then.
      return 0;
    }
  }

  /** Whether Spark has begun that round. */
  boolean hasBegun(int round) {
    return events("SparkListenerJobStart", "\"round " + round + " of ") > 0;
  }

  /** Processes of executors: children of the run's own, of which there may be none yet. */
  List<ProcessHandle> executors() {
    return executors(process.toHandle());
  }

  /** Those below another process, of a worker of a standalone master. */
  static List<ProcessHandle> executors(ProcessHandle parent) {
    return parent
        .descendants()
        .filter(child -> child.info().commandLine().orElse("").contains(EXECUTOR))
        // A shell may stand between.
        .filter(child -> child.info().command().orElse("").endsWith("java"))
        .sorted()
        .toList();
  }

  /** Waits until something is so. The run may not end before. */
  void until(BooleanSupplier condition) throws Exception {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as(output()).isFalse();
      assertThat(System.nanoTime()).as(output()).isLessThan(limit);
    }
  }

  /** Sends a signal by its name. */
  static void signal(String name, ProcessHandle to) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(to.pid())).start().waitFor();
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
