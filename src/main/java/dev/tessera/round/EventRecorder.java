package dev.tessera.round;

import dev.tessera.run.EventFile;
import dev.tessera.run.RunFolder;
import dev.tessera.run.TensorBoardEvent;
import dev.tessera.stats.Evaluation;
import dev.tessera.stats.Histogram;
import dev.tessera.stats.ParameterStats;
import java.util.List;

/**
 * Writes down every round for TensorBoard: one event a round, one an evaluation, and one of the
 * test set at the end. Steps are rounds, counted from 1 as in the other files.
 */
public final class EventRecorder implements TrainingListener, AutoCloseable {
  private static final String TEST = "test/";

  private final EventFile file;

  /**
   * A recorder of a run that begins or goes on: events of later rounds, which are run again, are
   * dropped.
   *
   * @param done rounds that stand
   */
  public EventRecorder(RunFolder folder, int done) {
    this.file =
        EventFile.continued(folder, event -> event.step() <= done && !event.tag().startsWith(TEST));
  }

  /**
   * Adds the figures of the test set to the file of a run whose rounds are over, in the place of
   * those that it may have.
   *
   * @param round after which the state was taken, counted from 1
   */
  public static void addTest(RunFolder folder, int round, Evaluation evaluation) {
    try (EventFile file = EventFile.continued(folder, event -> !event.tag().startsWith(TEST))) {
      file.add(figures(round, TEST, evaluation));
    }
  }

  /** Puts every event so far into the run folder. */
  public void publish() {
    file.publish();
  }

  @Override
  public void roundFinished(RoundReport report) {
    TensorBoardEvent event = new TensorBoardEvent(report.plan().round() + 1);
    addRound(report, event);
    for (ParameterStats stats : report.outcome().statistics()) {
      String block = stats.layer() + "." + stats.parameter();
      event
          .scalar("norm/" + block, stats.norm())
          .scalar("updateRatio/" + block, stats.updateRatio())
          .scalar("divergence/" + block, stats.divergence());
    }
    if (HistogramRecorder.isDue(report.plan().round() + 1, report.rounds())) {
      addHistograms(report, event);
    }
    file.add(event);
  }

  private static void addRound(RoundReport report, TensorBoardEvent event) {
    RoundOutcome outcome = report.outcome();
    long excluded =
        outcome.reports().stream().filter(worker -> !worker.excluded().isEmpty()).count();
    event
        .scalar("train/loss", outcome.loss())
        .scalar("train/regularisedLoss", outcome.regularisedLoss())
        .scalar("train/learningRate", report.learningRate())
        .scalar("train/averagingFrequency", report.averagingFrequency())
        .scalar("train/imagesPerSecond", report.examplesPerSecond())
        .scalar("train/excludedWorkers", (double) excluded)
        .scalar("seconds/broadcast", outcome.seconds().broadcast())
        .scalar("seconds/fit", outcome.seconds().fit())
        .scalar("seconds/aggregate", outcome.seconds().aggregate())
        .scalar("seconds/driver", outcome.seconds().driver());
  }

  private static void addHistograms(RoundReport report, TensorBoardEvent event) {
    List<Histogram> histograms = HistogramRecorder.histograms(report);
    List<ParameterStats> blocks = report.outcome().statistics();
    for (int i = 0; i < blocks.size(); i++) {
      ParameterStats stats = blocks.get(i);
      event.histogram(
          stats.layer() + "/" + stats.parameter(),
          histograms.get(i),
          stats.mean(),
          stats.standardDeviation());
    }
  }

  @Override
  public void evaluated(RoundReport report, Evaluation evaluation) {
    file.add(figures(report.plan().round() + 1, "validation/", evaluation));
  }

  private static TensorBoardEvent figures(int step, String group, Evaluation evaluation) {
    TensorBoardEvent event =
        new TensorBoardEvent(step)
            .scalar(group + "accuracy", evaluation.accuracy())
            .scalar(group + "top5", evaluation.top5())
            .scalar(group + "loss", evaluation.loss());
    evaluation.rocAuc().ifPresent(area -> event.scalar(group + "rocAuc", area));
    return event;
  }

  @Override
  public void close() {
    file.close();
  }
}
