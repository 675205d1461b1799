package dev.tessera.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.EventReader;
import dev.tessera.engine.Workload;
import dev.tessera.round.SoftmaxRegressionEngine.Damage;
import dev.tessera.round.SoftmaxRegressionEngine.Fault;
import dev.tessera.run.LocalStorage;
import dev.tessera.run.RunFolder;
import dev.tessera.stats.Evaluation;
import dev.tessera.stats.EvaluationCounts;
import dev.tessera.stats.Histogram;
import dev.tessera.stats.ParameterStats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.framework.HistogramProto;
import org.tensorflow.proto.framework.Summary;
import org.tensorflow.proto.util.Event;

class EventRecorderTest {
  private static final int EPOCHS = 3;

  @TempDir Path folder;
  private final Workload workload = Toy.workload(Toy.NESTEROV, 4);
  private final List<Shard> shards = Toy.shards(16, 16, 0);

  @AfterEach
  void releaseReplicas() {
    FitTask.releaseReplicas();
  }

  private static RunFolder run(Path folder) {
    return RunFolder.at(new LocalStorage(), folder.toString());
  }

  /** Worker 1 is left out of the second round. */
  private FitTask task() {
    Fault fault =
        (minibatch, settings) ->
            minibatch.pixels()[0] == 1 && settings.iteration() == 3 ? Damage.LOSS_NAN : Damage.NONE;
    return Toy.task(SoftmaxRegressionEngine.failing(fault), workload, 2, shards);
  }

  private Heard train(Path run, GlobalState start) {
    FitTask task = task();
    Heard heard = new Heard();
    try (EventRecorder recorder = new EventRecorder(run(run), start.round())) {
      new Trainer(
              Toy.settings(task, EPOCHS),
              task.plan(),
              new LocalRoundRunner(task, shards),
              OuterStep.AVERAGE,
              state -> evaluation(),
              new Listeners(List.of(heard, recorder)))
          .train(start);
    }
    return heard;
  }

  private static Evaluation evaluation() {
    EvaluationCounts counts = new EvaluationCounts(2, false);
    counts.add(0, new float[] {0.75f, 0.25f}, 0);
    counts.add(1, new float[] {0.75f, 0.25f}, 0);
    return Evaluation.of(counts, List.of("a", "b"));
  }

  private static List<Event> events(Path run) throws IOException {
    return EventReader.read(EventReader.of(run));
  }

  private static Map<String, Summary.Value> values(Event event) {
    Map<String, Summary.Value> values = new LinkedHashMap<>();
    event.getSummary().getValueList().forEach(value -> values.put(value.getTag(), value));
    assertThat(values).as("tags are unique").hasSize(event.getSummary().getValueCount());
    return values;
  }

  private static Summary.Value value(Event event, String tag) {
    return Objects.requireNonNull(values(event).get(tag), tag);
  }

  private static List<Event> rounds(Path run) throws IOException {
    return events(run).stream().filter(event -> values(event).containsKey("train/loss")).toList();
  }

  @Test
  void everyRoundHasAnEventAndEveryEvaluationToo() throws IOException {
    train(folder, Toy.start(workload));
    assertThat(events(folder).stream().map(event -> event.getStep() + firstTag(event)))
        .containsExactly(
            "0",
            "1train/loss",
            "2train/loss",
            "2validation/accuracy",
            "3train/loss",
            "4train/loss",
            "4validation/accuracy",
            "5train/loss",
            "6train/loss",
            "6validation/accuracy");
  }

  private static String firstTag(Event event) {
    return event.getSummary().getValueCount() == 0 ? "" : event.getSummary().getValue(0).getTag();
  }

  @Test
  void roundsHaveTheFiguresOfTheRunTheirTimesAndEveryBlock() throws IOException {
    Heard heard = train(folder, Toy.start(workload));
    List<Event> rounds = rounds(folder);
    assertThat(rounds).hasSize(6);
    for (int r = 0; r < rounds.size(); r++) {
      RoundReport report = heard.rounds().get(r);
      Map<String, Float> scalars = new LinkedHashMap<>();
      values(rounds.get(r))
          .forEach(
              (tag, value) -> {
                if (value.getValueCase() == Summary.Value.ValueCase.SIMPLE_VALUE) {
                  scalars.put(tag, value.getSimpleValue());
                }
              });
      Map<String, Float> expected = new LinkedHashMap<>();
      RoundOutcome outcome = report.outcome();
      expected.put("train/loss", (float) outcome.loss());
      expected.put("train/regularisedLoss", (float) outcome.regularisedLoss());
      expected.put("train/learningRate", 0.2f);
      expected.put("train/averagingFrequency", 2f);
      expected.put("train/imagesPerSecond", (float) report.examplesPerSecond());
      expected.put("train/excludedWorkers", r == 1 ? 1f : 0f);
      expected.put("seconds/broadcast", (float) outcome.seconds().broadcast());
      expected.put("seconds/fit", (float) outcome.seconds().fit());
      expected.put("seconds/aggregate", (float) outcome.seconds().aggregate());
      expected.put("seconds/driver", (float) outcome.seconds().driver());
      for (ParameterStats stats : outcome.statistics()) {
        String block = stats.layer() + "." + stats.parameter();
        expected.put("norm/" + block, (float) stats.norm());
        expected.put("updateRatio/" + block, (float) stats.updateRatio());
        expected.put("divergence/" + block, (float) stats.divergence());
      }
      assertThat(scalars).containsExactlyEntriesOf(expected);
      assertThat(expected).containsKeys("norm/dense1.weights", "divergence/dense1.bias");
    }
    // Biases start at 0, so the first update is infinitely large against them.
    assertThat(value(rounds.get(0), "updateRatio/dense1.bias").getSimpleValue())
        .isEqualTo(Float.POSITIVE_INFINITY);
  }

  @Test
  void evaluationsHaveTheirFigures() throws IOException {
    train(folder, Toy.start(workload));
    Event event = events(folder).get(3);
    assertThat(values(event).keySet())
        .containsExactly("validation/accuracy", "validation/top5", "validation/loss");
    assertThat(value(event, "validation/accuracy").getSimpleValue()).isEqualTo(0.5f);
    assertThat(value(event, "validation/top5").getSimpleValue()).isEqualTo(1f);
    assertThat(value(event, "validation/loss").getSimpleValue())
        .isEqualTo((float) evaluation().loss());
  }

  @Test
  void histogramsAreThoseOfTheOtherFile() throws IOException {
    Heard heard = train(folder, Toy.start(workload));
    List<Event> rounds = rounds(folder);
    for (int r = 0; r < rounds.size(); r++) {
      RoundReport report = heard.rounds().get(r);
      List<Histogram> histograms = HistogramRecorder.histograms(report);
      List<ParameterStats> blocks = report.outcome().statistics();
      for (int i = 0; i < blocks.size(); i++) {
        ParameterStats stats = blocks.get(i);
        HistogramProto histogram =
            value(rounds.get(r), stats.layer() + "/" + stats.parameter()).getHisto();
        assertThat(histogram.getMin()).isEqualTo(stats.min());
        assertThat(histogram.getMax()).isEqualTo(stats.max());
        assertThat(histogram.getBucketList())
            .isEqualTo(histograms.get(i).counts().stream().map(Long::doubleValue).toList());
        assertThat(histogram.getBucketLimitList()).hasSize(Histogram.BINS).isSorted();
        assertThat(histogram.getBucketLimit(Histogram.BINS - 1)).isEqualTo(stats.max());
        assertThat(histogram.getNum())
            .isEqualTo(stats.shape().stream().reduce(1, Math::multiplyExact).doubleValue());
        assertThat(histogram.getSum()).isEqualTo(stats.mean() * histogram.getNum());
      }
    }
  }

  @Test
  void aRunThatGoesOnAfterAnyRoundEndsWithTheSameEvents() throws IOException {
    Path whole = folder.resolve("whole");
    Heard heard = train(whole, Toy.start(workload));
    for (RoundReport report : heard.rounds()) {
      Path stopped = folder.resolve("stopped-" + report.state().round());
      // It died when all was recorded and goes on from an earlier state.
      train(stopped, Toy.start(workload));
      train(stopped, report.state());
      assertThat(EventReader.figures(stopped)).isEqualTo(EventReader.figures(whole));
    }
  }

  @Test
  void aRunThatWasBegunWithoutStartsWhereItGoesOn() throws IOException {
    Heard heard = train(folder.resolve("whole"), Toy.start(workload));
    Path later = folder.resolve("later");
    train(later, heard.rounds().get(3).state());
    assertThat(events(later).stream().map(Event::getStep)).containsExactly(0L, 5L, 6L, 6L);
  }

  @Test
  void theTestIsThereOnceHoweverOftenItIsMade() throws IOException {
    Heard heard = train(folder, Toy.start(workload));
    List<String> before = EventReader.figures(folder);
    EventRecorder.addTest(run(folder), 4, evaluation());
    List<String> with = EventReader.figures(folder);
    EventRecorder.addTest(run(folder), 4, evaluation());
    assertThat(EventReader.figures(folder)).isEqualTo(with);
    List<Event> events = events(folder);
    Event last = events.get(events.size() - 1);
    assertThat(last.getStep()).isEqualTo(4);
    assertThat(values(last).keySet()).containsExactly("test/accuracy", "test/top5", "test/loss");
    train(folder, heard.rounds().get(5).state());
    assertThat(EventReader.figures(folder)).isEqualTo(before);
  }

  /** Its tries leave nothing: a step never comes twice. */
  @Test
  void aRoundThatIsRunAgainAtALowerRateIsThereOnce() throws IOException {
    Fault fault =
        (minibatch, settings) ->
            settings.iteration() >= 4 && settings.learningRate() > 0.1
                ? Damage.PARAMETER_INFINITE
                : Damage.NONE;
    FitTask task = Toy.task(SoftmaxRegressionEngine.failing(fault), workload, 2, shards);
    try (EventRecorder recorder = new EventRecorder(run(folder), 0)) {
      new Trainer(
              Toy.settings(task, EPOCHS, EarlyStopping.OFF, new TrainingSettings.Rollback(0.1, 3)),
              task.plan(),
              new LocalRoundRunner(task, shards),
              OuterStep.AVERAGE,
              null,
              recorder)
          .train(Toy.start(workload));
    }
    assertThat(events(folder).stream().map(Event::getStep))
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(
            rounds(folder).stream()
                .map(event -> value(event, "train/learningRate").getSimpleValue()))
        .containsExactly(0.2f, 0.2f, 0.02f, 0.02f, 0.02f, 0.02f);
  }
}
