package dev.tessera;

import dev.tessera.MemoryNeeds.Role;
import dev.tessera.error.JobException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToLongFunction;
import java.util.function.LongFunction;

/**
 * Compares what a run takes with what its JVMs have, before it begins. What surely can't fit is
 * refused; what may not is warned of. Both name what would.
 */
final class MemoryCheck {
  private static final long MEGABYTE = 1L << 20;

  private final MemoryNeeds needs;
  private final JvmRoom room;

  private MemoryCheck(MemoryNeeds needs, JvmRoom room) {
    this.needs = needs;
    this.room = room;
  }

  /**
   * Warnings, the most urgent of each JVM; none if there is room for everything.
   *
   * @throws JobException if there surely is not
   */
  static List<String> of(MemoryNeeds needs, List<JvmRoom> rooms) {
    List<String> warnings = new ArrayList<>();
    for (JvmRoom room : rooms) {
      List<Limit> limits = new MemoryCheck(needs, room).limits();
      limits.forEach(Limit::refuse);
      limits.stream().filter(Limit::tight).findFirst().map(Limit::warning).ifPresent(warnings::add);
    }
    return warnings;
  }

  /** How much is taken when so many tasks run at once. */
  private interface Demand {
    long of(MemoryNeeds needs, int tasks);
  }

  private List<Limit> limits() {
    List<Limit> limits = new ArrayList<>();
    Demand heap = (n, tasks) -> n.heapExpected(room.role(), tasks);
    limits.add(
        new Limit(
            "the Java heap of " + room.name() + " has",
            room.heapBytes(),
            (n, tasks) -> n.heapLeast(room.role(), tasks),
            heap,
            heap,
            this::largerHeap));
    if (room.role() == Role.DRIVER) {
      return limits;
    }
    Demand replicas = (n, tasks) -> n.nativeExpected(tasks);
    limits.add(
        new Limit(
            "JavaCPP may allocate in " + room.name() + " no more than",
            room.allocationBytes(),
            (n, tasks) -> n.nativeLeast(tasks),
            replicas,
            replicas,
            bytes -> javaOption("org.bytedeco.javacpp.maxbytes", bytes)));
    limits.add(
        process(
            "JavaCPP lets the process of " + room.name() + " grow to",
            room.processBytes(),
            bytes -> javaOption("org.bytedeco.javacpp.maxphysicalbytes", bytes)));
    limits.add(
        process(
            "heap and overhead of " + room.name() + " are",
            room.containerBytes(),
            bytes -> "spark.executor.memoryOverhead = " + up(bytes - room.heapBytes()) + "m"));
    limits.add(
        process(
            room.sharing() == 1
                ? "the machine of " + room.name() + " has"
                : room.name() + " has of its machine, which " + room.sharing() + " share,",
            room.machineBytes() / room.sharing(),
            bytes -> "a machine with " + megabytes(bytes * room.sharing()) + " MB"));
    return limits;
  }

  private Limit process(String what, long bytes, LongFunction<String> raise) {
    return new Limit(
        what,
        bytes,
        (n, tasks) -> n.processLeast(room.role(), tasks),
        (n, tasks) -> n.processExpected(room.role(), tasks),
        (n, tasks) -> n.processOf(room.heapBytes(), tasks),
        raise);
  }

  private String largerHeap(long bytes) {
    String size = ((bytes + (1L << 30) - 1) >> 30) + "g";
    String heap =
        room.role() == Role.EXECUTOR
            ? "spark.executor.memory = " + size
            : "--driver-memory " + size;
    boolean holdsShards = room.role() != Role.DRIVER && needs.shardBytes() > needs.stateBytes();
    return holdsShards ? heap + ", or more training.workers with a smaller shard each" : heap;
  }

  private String javaOption(String property, long bytes) {
    return "-D"
        + property
        + "="
        + up(bytes)
        + "m in spark."
        + (room.role() == Role.EXECUTOR ? "executor" : "driver")
        + ".extraJavaOptions";
  }

  /** One of the limits of a JVM, what is taken of it, and the setting that raises it. */
  private final class Limit {
    private final String what;
    private final long bytes;
    private final Demand least;
    private final Demand expected;
    private final Demand most;
    private final LongFunction<String> raise;

    /** Refused below {@code least}, advised for {@code expected}, silent from {@code most} on. */
    Limit(
        String what,
        long bytes,
        Demand least,
        Demand expected,
        Demand most,
        LongFunction<String> raise) {
      this.what = what;
      this.bytes = bytes;
      this.least = least;
      this.expected = expected;
      this.most = most;
      this.raise = raise;
    }

    private int tasks() {
      return Math.min(room.slots(), needs.workers());
    }

    boolean tight() {
      return most.of(needs, tasks()) > bytes;
    }

    void refuse() {
      long taken = least.of(needs, tasks());
      if (taken > bytes) {
        throw new JobException(
            String.format(
                Locale.ROOT,
                "%s does not fit: %s %s MB, and %s take%s at least %s MB (%s). Use %s.",
                network(),
                what,
                megabytes(bytes),
                takers(),
                one() ? "s" : "",
                megabytes(taken),
                parts(),
                advice(expected)));
      }
    }

    String warning() {
      return String.format(
          Locale.ROOT,
          "Memory is tight for %s: %s %s MB, and %s may take %s MB (%s). If it runs out, use %s.",
          network(),
          what,
          megabytes(bytes),
          takers(),
          megabytes(most.of(needs, tasks())),
          parts(),
          advice(most));
    }

    private boolean one() {
      return room.role() == Role.DRIVER || tasks() == 1;
    }

    private String takers() {
      if (room.role() == Role.DRIVER) {
        return "the state of the run";
      }
      return tasks() == 1 ? "one worker" : tasks() + " workers at once";
    }

    /** Settings with which the demand fits. */
    private String advice(Demand demand) {
      List<String> ways = new ArrayList<>();
      if (room.role() != Role.DRIVER) {
        int batch = largest(needs.workload().batchSize(), b -> demand.of(needs.capped(b), tasks()));
        if (batch > 0) {
          ways.add("training.batchSize = " + batch);
        }
        int tasks = largest(tasks(), t -> demand.of(needs, t));
        if (tasks > 0) {
          int cores = tasks * room.taskCpus();
          ways.add(
              room.role() == Role.LOCAL
                  ? "--master local[" + cores + "]"
                  : "spark.executor.cores = " + cores);
        }
      }
      ways.add(raise.apply(demand.of(needs, tasks())));
      return String.join(", or ", ways);
    }

    /** The largest number below {@code limit} whose need, which grows with it, fits; 0 if none. */
    private int largest(int limit, IntToLongFunction need) {
      int low = 0;
      int high = limit - 1;
      while (low < high) {
        int middle = low + (high - low + 1) / 2;
        if (need.applyAsLong(middle) <= bytes) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return low;
    }
  }

  private String network() {
    return String.format(
        Locale.ROOT,
        "%s with %,d parameters in minibatches of %,d",
        needs.workload().network().name(),
        needs.workload().network().parameterCount(),
        needs.workload().batchSize());
  }

  private String parts() {
    return String.format(
        Locale.ROOT,
        "parameters and updater state %s MB, a shard %s, a replica's native memory up to %s",
        megabytes(needs.stateBytes()),
        megabytes(needs.shardBytes()),
        megabytes(needs.nativeExpected(1)));
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,d", up(bytes));
  }

  private static long up(long bytes) {
    return (bytes + MEGABYTE - 1) / MEGABYTE;
  }
}
