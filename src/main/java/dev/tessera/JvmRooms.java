package dev.tessera;

import dev.tessera.MemoryNeeds.Role;
import dev.tessera.engine.EngineRuntime;
import dev.tessera.spark.WorkerJvm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** The room that the JVMs of a run have, from what they say and what Spark asked for. */
final class JvmRooms {
  private static final long MEGABYTE = 1L << 20;

  /** Spark's own defaults. */
  private static final double OVERHEAD_FACTOR = 0.1;

  private static final long LEAST_OVERHEAD = 384 * MEGABYTE;

  private final SparkConf conf;
  private final String master;
  private final int slots;
  private final int taskCpus;

  /**
   * @param slots of one JVM
   */
  JvmRooms(SparkConf conf, String master, int slots, int taskCpus) {
    this.conf = conf;
    this.master = master;
    this.slots = slots;
    this.taskCpus = taskCpus;
  }

  /** Those of a session. */
  static List<JvmRoom> of(JavaSparkContext spark, WorkerJvms workers, int taskCpus) {
    return new JvmRooms(spark.getConf(), spark.master(), Slots.ofOneJvm(spark, taskCpus), taskCpus)
        .of(workers.jvms(), Runtime.getRuntime().maxMemory());
  }

  /**
   * Those of the workers, equal ones together, and where it is another, the driver's.
   *
   * @param driverHeapBytes to which the driver's heap may grow
   */
  List<JvmRoom> of(List<WorkerJvm> jvms, long driverHeapBytes) {
    Map<JvmRoom, List<WorkerJvm>> alike = new LinkedHashMap<>();
    for (WorkerJvm jvm : jvms) {
      long sharing = jvms.stream().filter(other -> other.host().equals(jvm.host())).count();
      alike.computeIfAbsent(room(jvm, (int) sharing), room -> new ArrayList<>()).add(jvm);
    }
    List<JvmRoom> rooms = new ArrayList<>();
    alike.forEach((room, those) -> rooms.add(room.named(name(those))));
    if (!local()) {
      rooms.add(driver(driverHeapBytes));
    }
    return rooms;
  }

  private boolean local() {
    return master.equals("local") || master.startsWith("local[");
  }

  private JvmRoom room(WorkerJvm jvm, int sharing) {
    return new JvmRoom(
        "",
        local() ? Role.LOCAL : Role.EXECUTOR,
        slots,
        taskCpus,
        jvm.maxHeapBytes(),
        jvm.engine().allocationLimitBytes(),
        jvm.engine().processLimitBytes(),
        containerBytes(jvm.maxHeapBytes()),
        jvm.machineBytes(),
        sharing);
  }

  private String name(List<WorkerJvm> those) {
    if (local()) {
      return master;
    }
    return (those.size() == 1 ? "the executor on " : "each executor on ") + WorkerJvms.hosts(those);
  }

  private static JvmRoom driver(long heapBytes) {
    long none = EngineRuntime.UNLIMITED;
    return new JvmRoom("the driver", Role.DRIVER, 0, 1, heapBytes, none, none, none, none, 1);
  }

  /** YARN and Kubernetes end a process that is larger; other masters know the heap alone. */
  private long containerBytes(long heapBytes) {
    if (!master.equals("yarn") && !master.startsWith("k8s:")) {
      return EngineRuntime.UNLIMITED;
    }
    if (conf.contains("spark.executor.memoryOverhead")) {
      return heapBytes + conf.getSizeAsMb("spark.executor.memoryOverhead") * MEGABYTE;
    }
    double factor =
        conf.getDouble(
            "spark.executor.memoryOverheadFactor",
            conf.getDouble("spark.kubernetes.memoryOverheadFactor", OVERHEAD_FACTOR));
    return heapBytes + Math.max(LEAST_OVERHEAD, (long) (factor * heapBytes));
  }
}
