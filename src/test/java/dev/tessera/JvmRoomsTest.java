package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.MemoryNeeds.Role;
import dev.tessera.engine.EngineRuntime;
import dev.tessera.spark.WorkerJvm;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class JvmRoomsTest {
  private static final long GIGABYTE = 1L << 30;
  private static final long MEGABYTE = 1L << 20;

  private static List<JvmRoom> rooms(SparkConf conf, String master, WorkerJvm... jvms) {
    return new JvmRooms(conf, master, 4, 1).of(List.of(jvms), GIGABYTE);
  }

  private static SparkConf conf() {
    return new SparkConf(false);
  }

  @Test
  void aLocalMasterIsOneJvm() {
    assertThat(rooms(conf(), "local[4]", Jvms.jvm(0, "avx2", "", "")))
        .containsExactly(
            new JvmRoom(
                "local[4]",
                Role.LOCAL,
                4,
                1,
                4 * GIGABYTE,
                4 * GIGABYTE,
                EngineRuntime.UNLIMITED,
                EngineRuntime.UNLIMITED,
                16 * GIGABYTE,
                1));
  }

  @Test
  void equalExecutorsAreOneRoomAndTheDriverIsAnother() {
    WorkerJvm alone = Jvms.jvm(1, "avx2", "", "");
    WorkerJvm first = Jvms.jvm(0, "avx2", "", "");
    WorkerJvm second =
        new WorkerJvm(
            "7", first.host(), first.engine(), first.maxHeapBytes(), first.machineBytes());
    List<JvmRoom> rooms = rooms(conf(), "spark://host:7077", first, second, alone);
    assertThat(rooms.stream().map(JvmRoom::name))
        .containsExactly("each executor on host-a", "the executor on host-b", "the driver");
    assertThat(rooms.stream().map(JvmRoom::sharing)).containsExactly(2, 1, 1);
    assertThat(rooms.get(2).heapBytes()).isEqualTo(GIGABYTE);
    assertThat(rooms.get(0).containerBytes()).isEqualTo(EngineRuntime.UNLIMITED);
  }

  @Test
  void aContainerIsHeapAndOverhead() {
    WorkerJvm jvm = Jvms.jvm(0, "avx2", "", "");
    assertThat(rooms(conf(), "yarn", jvm).get(0).containerBytes())
        .isEqualTo(4 * GIGABYTE + 4 * GIGABYTE / 10);
    assertThat(
            rooms(conf().set("spark.executor.memoryOverhead", "3g"), "yarn", jvm)
                .get(0)
                .containerBytes())
        .isEqualTo(7 * GIGABYTE);
    assertThat(
            rooms(conf().set("spark.executor.memoryOverhead", "1024"), "k8s://https://h", jvm)
                .get(0)
                .containerBytes())
        .isEqualTo(5 * GIGABYTE);
    assertThat(
            rooms(conf().set("spark.executor.memoryOverheadFactor", "0.5"), "yarn", jvm)
                .get(0)
                .containerBytes())
        .isEqualTo(6 * GIGABYTE);
    assertThat(
            rooms(conf().set("spark.executor.memoryOverheadFactor", "0.01"), "yarn", jvm)
                .get(0)
                .containerBytes())
        .isEqualTo(4 * GIGABYTE + 384 * MEGABYTE);
  }
}
