package dev.tessera.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tessera.error.JobException;
import dev.tessera.error.Printable;
import dev.tessera.run.RunFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Everything that a run folder tells, read once.
 *
 * @param path as it was given
 * @param evaluation {@code evaluation.json}, or a missing node
 * @param job {@code job.conf}
 */
record RunStory(
    String path,
    RoundCurves rounds,
    LayerCurves layers,
    JsonNode manifest,
    JsonNode evaluation,
    JsonNode pictures,
    String summary,
    String job) {

  /**
   * Reads it.
   *
   * @param runs that share a page
   * @throws JobException if there is no run, or nothing to tell of it yet
   */
  static RunStory read(RunFolder folder, int runs) {
    RoundCurves rounds = RoundCurves.read(folder);
    if (rounds.count() == 0) {
      throw nothing(folder);
    }
    return new RunStory(
        folder.path(),
        rounds,
        LayerCurves.read(folder, rounds.count(), runs),
        JsonLines.object(folder, RunFolder.MANIFEST),
        JsonLines.object(folder, RunFolder.EVALUATION),
        JsonLines.object(folder, RunFolder.PICTURES),
        JsonLines.text(folder, RunFolder.SUMMARY),
        JsonLines.text(folder, RunFolder.JOB));
  }

  private static JobException nothing(RunFolder folder) {
    return folder.has(RunFolder.JOB)
        ? new JobException(
            "The run in "
                + folder.path()
                + " has recorded no round: there is nothing to report. Wait for its first round, or look"
                + " into "
                + folder.file(RunFolder.LOG)
                + " for what stopped it. Runs of training.trainer = dl4j record none.")
        : new JobException(
            "There is no run in "
                + folder.path()
                + ": it has no "
                + RunFolder.JOB
                + ". Give the folder of a run, such as runs/quickstart, with its scheme if it is not on"
                + " the default file system.");
  }

  String name() {
    return Printable.of(manifest.path("run").asText(path));
  }

  boolean isFinished() {
    return manifest.has("finished");
  }

  /** For people. */
  String state() {
    return isFinished()
        ? String.format(
            Locale.ROOT,
            "finished after %,d rounds in %s",
            rounds.lastRound(),
            duration(manifest.path("finished").path("seconds").asDouble()))
        : String.format(
            Locale.ROOT, "not finished: %,d rounds when this was written", rounds.lastRound());
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    return whole < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
  }

  int workers() {
    return (int) rounds.curve("workers").last();
  }

  List<String> classNames() {
    JsonNode names = manifest.path("dataset").path("classNames");
    List<String> printable = new ArrayList<>();
    names.forEach(name -> printable.add(Printable.of(name.asText())));
    return printable;
  }

  List<Verdict> verdicts() {
    return List.of(Learned.of(this), Limited.of(this), Together.of(this));
  }

  /** What ran on what. */
  record Fact(String name, String value) {}

  List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    JsonNode network = manifest.path("network");
    JsonNode dataset = manifest.path("dataset");
    add(
        facts,
        "Network",
        network.path("name").asText(),
        count(network.path("parameters"), "parameters"));
    add(
        facts,
        "Data",
        count(dataset.path("trainExamples"), "images to train on"),
        count(dataset.path("validationExamples"), "for validation"),
        count(dataset.path("testExamples"), "to test"),
        classNames().isEmpty() ? "" : classNames().size() + " classes");
    add(
        facts,
        "Workers",
        String.valueOf(workers()),
        manifest.path("cluster").path("master").asText());
    add(
        facts,
        "Engine",
        manifest.path("engine").path("library").asText(),
        manifest.path("engine").path("processor").asText(),
        manifest.path("cluster").path("instructionSet").asText());
    add(facts, "Seed", manifest.path("seed").asText());
    add(facts, "Started", manifest.path("started").asText().replaceAll("\\.\\d+Z$", "Z"));
    add(
        facts,
        "Versions",
        versioned("Tessera", "tessera"),
        versioned("Spark", "spark"),
        versioned("Java", "java"));
    return facts;
  }

  private String versioned(String name, String key) {
    String version = manifest.path("versions").path(key).asText();
    return version.isEmpty() ? "" : name + " " + version;
  }

  private static String count(JsonNode number, String of) {
    return number.isNumber() ? String.format(Locale.ROOT, "%,d %s", number.asLong(), of) : "";
  }

  private static void add(List<Fact> facts, String name, String... parts) {
    String value =
        String.join(", ", List.of(parts).stream().filter(part -> !part.isEmpty()).toList());
    if (!value.isEmpty()) {
      facts.add(new Fact(name, Printable.of(value)));
    }
  }
}
