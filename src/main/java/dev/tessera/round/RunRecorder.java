package dev.tessera.round;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.run.EvaluationJson;
import dev.tessera.run.GrowingFile;
import dev.tessera.run.JsonNumbers;
import dev.tessera.run.RunFolder;
import dev.tessera.run.RunLog;
import dev.tessera.stats.Evaluation;
import dev.tessera.stats.ParameterStats;
import dev.tessera.stats.ParameterTable;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes down every round: a line in the log and in {@code rounds.jsonl}, all parameter statistics
 * in {@code parameters.jsonl}, every few rounds as a table in the log, and now and then histograms
 * in {@code histograms.jsonl}.
 */
public final class RunRecorder implements TrainingListener, AutoCloseable {
  private static final int SCHEMA = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunLog log;
  private final GrowingFile rounds;
  private final GrowingFile parameters;
  private final GrowingFile histograms;
  private final int tableEvery;
  private final ProgressListener progress;
  private final int done;
  private final long began = System.nanoTime();
  private boolean saidHosts;

  /** Hears the line of every round, for a progress bar. */
  @FunctionalInterface
  public interface ProgressListener {
    void round(int done, int all, String line);
  }

  /**
   * A recorder of a new run.
   *
   * @param tableEvery rounds between two tables of parameter statistics in the log
   */
  public RunRecorder(RunFolder folder, RunLog log, int tableEvery, ProgressListener progress) {
    this(folder, log, tableEvery, progress, 0);
  }

  /**
   * A recorder of a run that goes on: lines of later rounds, which are run again, are dropped.
   *
   * @param done rounds that stand
   */
  public RunRecorder(
      RunFolder folder, RunLog log, int tableEvery, ProgressListener progress, int done) {
    this.log = log;
    this.done = done;
    this.rounds = GrowingFile.continued(folder, RunFolder.ROUNDS, line -> stands(line, done));
    this.parameters =
        GrowingFile.continued(folder, RunFolder.PARAMETERS, line -> stands(line, done));
    this.histograms =
        GrowingFile.continued(folder, RunFolder.HISTOGRAMS, line -> stands(line, done));
    this.tableEvery = tableEvery;
    this.progress = progress;
  }

  private static boolean stands(String line, int done) {
    try {
      int round = JSON.readTree(line).path("round").asInt();
      return round > 0 && round <= done;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** Puts every line so far into the run folder. */
  public void publish() {
    log.publish();
    rounds.publish();
    parameters.publish();
    histograms.publish();
  }

  @Override
  public void rolledBack(RoundPlan round, String causes, double learningRate) {
    ObjectNode json = line("rollback", round.round(), round.epoch());
    json.put("reason", causes).put("learningRate", learningRate);
    log.warn(
        "Round "
            + (round.round() + 1)
            + " gave no finite replica ("
            + causes
            + "). It is run again from the state before it, at a learning rate of "
            + learningRate
            + " from now on.",
        json);
    rounds.line(json.toString());
  }

  @Override
  public void roundFinished(RoundReport report) {
    String line = line(report);
    ObjectNode json = roundJson(report);
    log.info(line, json);
    progress.round(report.plan().round() + 1, report.rounds(), line);
    if (!saidHosts) {
      saidHosts = true;
      log.info("Round " + (report.plan().round() + 1) + " ran " + hosts(report.outcome()) + ".");
    }
    warnOfExcluded(report);
    rounds.line(json.toString());
    parameters.line(parametersJson(report).toString());
    if (HistogramRecorder.isDue(report.plan().round() + 1, report.rounds())) {
      ObjectNode begun = line("histograms", report.plan().round(), report.plan().epoch());
      histograms.line(HistogramRecorder.complete(begun, report).toString());
    }
    if (report.endsEpoch() || (report.plan().round() + 1) % tableEvery == 0) {
      log.info(
          "Parameters after round "
              + (report.plan().round() + 1)
              + ":\n"
              + ParameterTable.of(report.outcome().statistics()));
    }
  }

  @Override
  public void evaluated(RoundReport report, Evaluation evaluation) {
    int epoch = report.plan().epoch();
    ObjectNode json = line("evaluation", report.plan().round(), epoch);
    json.setAll(EvaluationJson.figures(evaluation));
    json.put("bestRound", report.state().best().round());
    log.info("epoch " + (epoch + 1) + " validation: " + evaluation.describe(), json);
    rounds.line(json.toString());
  }

  private String line(RoundReport report) {
    int finished = report.plan().round() + 1;
    double elapsed = (System.nanoTime() - began) / 1e9;
    long left = Math.round(elapsed / (finished - done) * (report.rounds() - finished));
    return String.format(
        Locale.ROOT,
        "epoch %d/%d round %d/%d loss %.4f %,.0f images/s %s left",
        report.plan().epoch() + 1,
        report.epochs(),
        finished,
        report.rounds(),
        report.outcome().loss(),
        report.examplesPerSecond(),
        duration(left));
  }

  private static String duration(long seconds) {
    Duration time = Duration.ofSeconds(seconds);
    return time.toHours() > 0
        ? String.format(Locale.ROOT, "%dh %02dm", time.toHours(), time.toMinutesPart())
        : String.format(Locale.ROOT, "%dm %02ds", time.toMinutes(), time.toSecondsPart());
  }

  private static String hosts(RoundOutcome outcome) {
    return outcome.reports().stream()
        .collect(
            Collectors.groupingBy(
                WorkerReport::host,
                java.util.TreeMap::new,
                Collectors.mapping(
                    report -> String.valueOf(report.worker()), Collectors.joining(", "))))
        .entrySet()
        .stream()
        .map(entry -> "worker " + entry.getValue() + " on " + entry.getKey())
        .collect(Collectors.joining("; "));
  }

  private void warnOfExcluded(RoundReport report) {
    for (WorkerReport worker : report.outcome().reports()) {
      if (!worker.excluded().isEmpty()) {
        log.warn(
            "Worker "
                + worker.worker()
                + " is left out of the average of round "
                + (report.plan().round() + 1)
                + ": "
                + worker.excluded()
                + ". If this goes on, lower training.learningRate.");
      }
    }
  }

  private static ObjectNode roundJson(RoundReport report) {
    ObjectNode json = line("round", report.plan().round(), report.plan().epoch());
    RoundOutcome outcome = report.outcome();
    json.put("examples", outcome.examples());
    json.set("loss", JsonNumbers.of(outcome.loss()));
    json.set("regularisedLoss", JsonNumbers.of(outcome.regularisedLoss()));
    json.put("learningRate", report.learningRate());
    json.put("averagingFrequency", report.averagingFrequency());
    json.put("workers", outcome.reports().size());
    ArrayNode excluded = json.putArray("excludedWorkers");
    outcome.reports().stream()
        .filter(worker -> !worker.excluded().isEmpty())
        .forEach(
            worker ->
                excluded
                    .addObject()
                    .put("worker", worker.worker())
                    .put("reason", worker.excluded()));
    ObjectNode seconds = json.putObject("seconds");
    seconds.put("broadcast", outcome.seconds().broadcast());
    seconds.put("fit", outcome.seconds().fit());
    seconds.put("aggregate", outcome.seconds().aggregate());
    seconds.put("driver", outcome.seconds().driver());
    json.put("imagesPerSecond", report.examplesPerSecond());
    return json;
  }

  private static ObjectNode parametersJson(RoundReport report) {
    ObjectNode json = line("parameters", report.plan().round(), report.plan().epoch());
    ArrayNode blocks = json.putArray("parameters");
    for (ParameterStats stats : report.outcome().statistics()) {
      ObjectNode block = blocks.addObject();
      block.put("layer", stats.layer());
      block.put("parameter", stats.parameter());
      stats.shape().forEach(block.withArray("shape")::add);
      block.set("mean", JsonNumbers.of(stats.mean()));
      block.set("standardDeviation", JsonNumbers.of(stats.standardDeviation()));
      block.set("min", JsonNumbers.of(stats.min()));
      block.set("max", JsonNumbers.of(stats.max()));
      block.set("norm", JsonNumbers.of(stats.norm()));
      block.set("zeroFraction", JsonNumbers.of(stats.zeroFraction()));
      block.set("nonFiniteFraction", JsonNumbers.of(stats.nonFiniteFraction()));
      block.set("updateNorm", JsonNumbers.of(stats.updateNorm()));
      block.set("updateRatio", JsonNumbers.of(stats.updateRatio()));
      block.set("divergence", JsonNumbers.of(stats.divergence()));
    }
    return json;
  }

  /** Indices in files count from 1, as in the log. */
  private static ObjectNode line(String kind, int round, int epoch) {
    return JSON.createObjectNode()
        .put("schema", SCHEMA)
        .put("kind", kind)
        .put("round", round + 1)
        .put("epoch", epoch + 1);
  }

  @Override
  public void close() {
    try (histograms;
        parameters) {
      rounds.close();
    }
  }
}
