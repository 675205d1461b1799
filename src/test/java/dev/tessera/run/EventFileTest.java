package dev.tessera.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.EventReader;
import dev.tessera.stats.Histogram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.framework.HistogramProto;
import org.tensorflow.proto.framework.Summary;
import org.tensorflow.proto.util.Event;

class EventFileTest {
  @TempDir Path folder;

  private RunFolder run() {
    return RunFolder.at(new LocalStorage(), folder.toString());
  }

  private EventFile continued(int done) {
    return EventFile.continued(run(), event -> event.step() <= done);
  }

  private List<Event> events() throws IOException {
    return EventReader.read(EventReader.of(folder));
  }

  private List<String> steps() throws IOException {
    return events().stream().map(event -> event.getStep() + event.getFileVersion()).toList();
  }

  private static TensorBoardEvent loss(int step) {
    return new TensorBoardEvent(step).scalar("train/loss", step / 4.0);
  }

  private void write(int from, int to) {
    try (EventFile file = continued(from - 1)) {
      for (int step = from; step <= to; step++) {
        file.add(loss(step));
      }
    }
  }

  private Summary.Value only(TensorBoardEvent event) throws IOException {
    try (EventFile file = continued(0)) {
      file.add(event);
    }
    return events().get(1).getSummary().getValue(0);
  }

  @Test
  void beginsWithTheVersionAndHasTheTimeOfEveryEvent() throws IOException {
    double before = System.currentTimeMillis() / 1e3;
    write(1, 3);
    assertThat(steps()).containsExactly("0brain.Event:2", "1", "2", "3");
    assertThat(events())
        .allSatisfy(
            event ->
                assertThat(event.getWallTime())
                    .isBetween(before, System.currentTimeMillis() / 1e3));
    Event last = events().get(3);
    assertThat(last.getSummary().getValueCount()).isEqualTo(1);
    assertThat(last.getSummary().getValue(0).getTag()).isEqualTo("train/loss");
    assertThat(last.getSummary().getValue(0).getSimpleValue()).isEqualTo(0.75f);
  }

  @Test
  void firstEventIsThereAtOnceAndAllAreWhenPublished() throws IOException {
    try (EventFile file = continued(0)) {
      file.add(loss(1));
      assertThat(events()).hasSize(2);
      file.add(loss(2));
      file.publish();
      assertThat(events()).hasSize(3);
    }
  }

  @Test
  void withoutAnEventThereIsNoFile() {
    continued(0).close();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void goesOnAfterTheEventsThatStandWhichKeepTheirTimes() throws IOException {
    write(1, 5);
    List<Event> before = events();
    write(4, 6);
    assertThat(steps()).containsExactly("0brain.Event:2", "1", "2", "3", "4", "5", "6");
    assertThat(events().subList(0, 4)).isEqualTo(before.subList(0, 4));
  }

  @Test
  void eventsThatDoNotStandGoEvenIfNoneFollows() throws IOException {
    write(1, 5);
    continued(2).close();
    assertThat(steps()).containsExactly("0brain.Event:2", "1", "2");
  }

  /** TensorBoard goes on reading where it was before the file was written anew. */
  @Test
  void anEventIsAsLongWheneverItIsWritten() throws IOException {
    write(1, 200);
    long size = Files.size(EventReader.of(folder));
    write(100, 200);
    assertThat(Files.size(EventReader.of(folder))).isEqualTo(size);
    assertThat(loss(7).scalar("a", 0).bytes(0))
        .hasSameSizeAs(loss(7).scalar("a", Double.NaN).bytes(1e9));
  }

  @Test
  void whatFollowsDamageIsDropped() throws IOException {
    write(1, 5);
    byte[] whole = Files.readAllBytes(EventReader.of(folder));
    int event = (whole.length - versionBytes()) / 5;
    Files.write(EventReader.of(folder), Arrays.copyOf(whole, whole.length - event - 1));
    write(5, 5);
    assertThat(steps()).containsExactly("0brain.Event:2", "1", "2", "3", "5");
    Files.write(EventReader.of(folder), new byte[100]);
    write(5, 6);
    assertThat(steps()).containsExactly("0brain.Event:2", "5", "6");
  }

  private static int versionBytes() {
    return TensorBoardEvent.version(0).length + 16;
  }

  /** Where a store replaces a file in two steps. */
  @Test
  void aRunKilledWhileItReplacedTheFileLosesNoEvent() throws IOException {
    write(1, 2);
    Path beside = folder.resolve("tensorboard/events.out.next.0.tessera.tmp");
    Files.move(EventReader.of(folder), beside);
    write(3, 3);
    assertThat(steps()).containsExactly("0brain.Event:2", "1", "2", "3");
    assertThat(beside).doesNotExist();
  }

  @Test
  void tensorBoardNeverSeesAFileThatIsNotWhole() {
    List<String> created = new ArrayList<>();
    RunFolder run =
        RunFolder.at(
            new HookedStorage(
                (operation, path) -> {
                  if (operation.startsWith("create")) {
                    created.add(path.substring(folder.toString().length()));
                  }
                }),
            folder.toString());
    try (EventFile file = EventFile.continued(run, event -> true)) {
      file.add(loss(1));
    }
    assertThat(created).isNotEmpty().noneMatch(path -> path.contains("tfevents"));
  }

  @Test
  void numbersThatAreNotFiniteAreShownAsSuch() throws IOException {
    assertThat(only(new TensorBoardEvent(1).scalar("a", Double.NaN)).getSimpleValue()).isNaN();
    assertThat(only(new TensorBoardEvent(1).scalar("a", Double.POSITIVE_INFINITY)).getSimpleValue())
        .isEqualTo(Float.POSITIVE_INFINITY);
    Summary.Value zero = only(new TensorBoardEvent(1).scalar("a", 0));
    assertThat(zero.getValueCase()).isEqualTo(Summary.Value.ValueCase.SIMPLE_VALUE);
  }

  @Test
  void histogramHasEdgesCountsAndMoments() throws IOException {
    Summary.Value value =
        only(
            new TensorBoardEvent(1)
                .histogram("conv1/weights", new Histogram(-1, 3, List.of(2L, 0L, 5L, 1L)), 1.5, 2));
    assertThat(value.getTag()).isEqualTo("conv1/weights");
    HistogramProto histogram = value.getHisto();
    assertThat(histogram.getMin()).isEqualTo(-1);
    assertThat(histogram.getMax()).isEqualTo(3);
    assertThat(histogram.getNum()).isEqualTo(8);
    assertThat(histogram.getSum()).isEqualTo(8 * 1.5);
    assertThat(histogram.getSumSquares()).isEqualTo(8 * (1.5 * 1.5 + 2 * 2));
    assertThat(histogram.getBucketLimitList()).containsExactly(0.0, 1.0, 2.0, 3.0);
    assertThat(histogram.getBucketList()).containsExactly(2.0, 0.0, 5.0, 1.0);
  }

  @Test
  void histogramOfNothingIsLeftOut() throws IOException {
    Summary.Value value =
        only(
            new TensorBoardEvent(1)
                .histogram("conv1/weights", new Histogram(0, 0, List.of(0L, 0L)), 0, 0)
                .scalar("a", 1));
    assertThat(value.getTag()).isEqualTo("a");
  }
}
