package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that real signals end again and again, and the same command goes on with. */
class KillIT {
  private static final int SIGTERM_CODE = 143;
  private static final int SIGKILL_CODE = 137;

  @TempDir private Path folder;
  private TinyRuns runs;

  @BeforeEach
  void writeJob() throws IOException {
    runs = new TinyRuns(folder, 100);
  }

  @AfterEach
  void leaveNoneRunning() {
    runs.close();
  }

  @Test
  void whateverEndsItTheSameCommandGoesOnToTheSameBits() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Path whole = folder.resolve("whole");
    Path killed = folder.resolve("killed");
    assertThat(runs.finish(runs.start(whole))).isZero();

    List<Integer> codes = new ArrayList<>();
    Process first = runs.start(killed);
    runs.await(first, () -> runs.checkpoint(killed) > 0);
    first.destroyForcibly();
    codes.add(runs.finish(first));
    int before = runs.checkpoint(killed);
    Process second = runs.start(killed);
    runs.await(second, () -> runs.checkpoint(killed) > before);
    second.destroy();
    codes.add(runs.finish(second));
    assertThat(codes).containsExactly(SIGKILL_CODE, SIGTERM_CODE);
    long millis = 1000L + random.nextInt(8000);
    System.out.println("killed after " + millis + " ms");
    Process third = runs.start(killed);
    if (!third.waitFor(millis, TimeUnit.MILLISECONDS)) {
      third.destroyForcibly();
      assertThat(runs.finish(third)).isEqualTo(SIGKILL_CODE);
    }
    assertThat(runs.finish(runs.start(killed))).isZero();

    assertThat(runs.outcome(killed)).isEqualTo(runs.outcome(whole));
    assertThat(Files.readString(killed.resolve("train.log")))
        .contains("Going on from the checkpoint after round ")
        .containsPattern("Stopped by a signal after round [0-9]+. The same command goes on");
    assertThat(runs.finish(runs.start(killed))).as("a finished run").isZero();
    assertThat(runs.output(killed)).contains("has finished before, after ");
  }
}
