package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.MemoryNeeds.Role;
import dev.tessera.engine.Engine;
import dev.tessera.engine.EngineRuntime;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.MemoryPlan;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Replica;
import dev.tessera.engine.Support;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.error.JobException;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryCheckTest {
  private static final long MEGABYTE = 1L << 20;
  private static final long NONE = EngineRuntime.UNLIMITED;

  /** Plans eight megabytes an example, so that its figures can be told apart in a text. */
  private record EightAnExample() implements Engine {
    @Override
    public String name() {
      return "eight";
    }

    @Override
    public Support supports(Workload workload) {
      return Support.YES;
    }

    @Override
    public MemoryPlan plan(Workload workload) {
      return new MemoryPlan(0, 8 * MEGABYTE * workload.batchSize(), 0);
    }

    @Override
    public EngineRuntime runtime(int threads) {
      throw new UnsupportedOperationException("nobody asks");
    }

    @Override
    public Replica open(Workload workload, int threads) {
      throw new UnsupportedOperationException("nobody trains");
    }
  }

  private static MemoryNeeds needs(String network, int batch, int workers, boolean trains) {
    Workload workload =
        new Workload(
            NamedNetworks.named(network).compile(new Shape.Image(64, 64, 3), 10),
            PixelScaling.unit(3),
            Objective.PLAIN,
            new Updater.Nesterov(0.9),
            Regularisation.NONE,
            GradientClipping.NONE,
            batch);
    return new MemoryNeeds(new EightAnExample(), workload, workers, 30 * MEGABYTE, trains);
  }

  private static MemoryNeeds needs(String network, int batch) {
    return needs(network, batch, 2, true);
  }

  private static JvmRoom local(long heapMegabytes, long allocation, long process, long machine) {
    return new JvmRoom(
        "local[2]",
        Role.LOCAL,
        2,
        1,
        heapMegabytes * MEGABYTE,
        allocation,
        process,
        NONE,
        machine,
        1);
  }

  private static JvmRoom executor(int heap, int container, int machine, int sharing) {
    return new JvmRoom(
        "each executor on host-a, host-b",
        Role.EXECUTOR,
        4,
        2,
        heap * MEGABYTE,
        NONE,
        NONE,
        container * MEGABYTE,
        machine * MEGABYTE,
        sharing);
  }

  private static MemoryNeeds shards(long bytes) {
    MemoryNeeds needs = needs("reference", 64);
    return new MemoryNeeds(needs.engine(), needs.workload(), 2, bytes, true);
  }

  private static List<String> check(MemoryNeeds needs, JvmRoom room) {
    return MemoryCheck.of(needs, List.of(room));
  }

  /** What is said: why it is refused, or the warnings. */
  private static String said(MemoryNeeds needs, JvmRoom room) {
    try {
      List<String> warnings = check(needs, room);
      return warnings.isEmpty() ? "nothing" : "warns: " + String.join("\n", warnings);
    } catch (JobException e) {
      return "refuses: " + e.getMessage();
    }
  }

  @Test
  void saysNothingWhereThereIsRoom() {
    long enough = 8192 * MEGABYTE;
    assertThat(check(needs("reference", 64), local(2048, 2048 * MEGABYTE, enough, enough)))
        .isEmpty();
  }

  @Test
  void namesTheLimitTheFiguresAndWhatFits() {
    MemoryNeeds vgg = needs("vgg11", 32);
    MemoryNeeds large = needs("reference", 1024);
    MemoryNeeds eight = needs("reference", 64, 8, true);
    JvmRoom driver =
        new JvmRoom("the driver", Role.DRIVER, 0, 1, 512 * MEGABYTE, NONE, NONE, NONE, NONE, 1);
    Map<String, String> said = new LinkedHashMap<>();
    said.put("states in a heap", said(vgg, local(1024, NONE, NONE, NONE)));
    said.put("states in a heap that is tight", said(vgg, local(3072, NONE, NONE, NONE)));
    said.put("states on a driver", said(vgg, driver));
    said.put("shards", said(shards(4000 * MEGABYTE), local(6144, NONE, NONE, NONE)));
    said.put("JavaCPP's allocations", said(large, local(1024, 1000 * MEGABYTE, NONE, NONE)));
    said.put("JavaCPP's process", said(large, local(1024, NONE, 1200 * MEGABYTE, NONE)));
    said.put("a machine", said(large, local(2048, NONE, NONE, 1200 * MEGABYTE)));
    said.put("a container", said(needs("reference", 2048, 8, true), executor(1024, 1408, 9999, 1)));
    said.put("an overhead that is tight", said(eight, executor(4096, 4505, 9999, 1)));
    said.put("a machine that two share", said(eight, executor(4096, 9999, 8192, 2)));
    StringBuilder text = new StringBuilder();
    said.forEach((of, message) -> text.append(of).append("\n  ").append(message).append("\n\n"));
    Golden.check("memory.txt", text.toString());
  }

  @Test
  void evaluationTakesLessThanTraining() {
    JvmRoom room = local(1024, NONE, NONE, NONE);
    assertThat(said(needs("vgg11", 32, 2, true), room)).startsWith("refuses");
    assertThat(said(needs("vgg11", 32, 2, false), room)).startsWith("warns");
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 500, 3000})
  void theAdvisedMinibatchFitsAndALargerOneDoesNot(int batch) {
    JvmRoom room = local(1024, 1000 * MEGABYTE, NONE, NONE);
    Matcher advised =
        Pattern.compile("training\\.batchSize = (\\d+)")
            .matcher(said(needs("reference", batch), room));
    assertThat(advised.find()).isTrue();
    int largest = Integer.parseInt(advised.group(1));
    assertThat(said(needs("reference", largest), room)).isEqualTo("nothing");
    assertThat(said(needs("reference", largest + 1), room)).startsWith("warns");
  }

  @Test
  void fewerWorkersThanSlotsTakeNoMoreThanThemselves() {
    JvmRoom room = executor(4096, 9999, 6000, 1);
    assertThat(said(needs("reference", 64, 1, true), room)).isEqualTo("nothing");
    assertThat(said(needs("reference", 64, 4, true), room)).startsWith("warns");
  }
}
