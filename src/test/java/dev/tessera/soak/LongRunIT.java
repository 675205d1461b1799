package dev.tessera.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing grows with the number of rounds, once the first two thousand have warmed the JVMs. */
class LongRunIT {
  /**
   * A broadcast of this network that stays, or a replica that is not freed, comes to 20 MB and more
   * in a thousand rounds; what the driver notes of a round for Spark's own pages to a few kilobytes
   * until their limits are reached.
   */
  private static final double MOST_MEGABYTES_IN_A_THOUSAND_ROUNDS = 5;

  @TempDir private Path folder;

  @Test
  @Tag("long")
  void fourThousandRoundsLeaveHeapsProcessesAndStorageAsTheyWere() throws IOException {
    assertThat(LongRun.run(folder, 4000, System.out))
        .allSatisfy(
            curve ->
                assertThat(curve.growth())
                    .as(curve.name())
                    .isLessThan(MOST_MEGABYTES_IN_A_THOUSAND_ROUNDS));
  }
}
