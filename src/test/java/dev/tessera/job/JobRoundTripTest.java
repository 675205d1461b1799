package dev.tessera.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JobRoundTripTest {
  private static final int JOBS = 300;

  @Test
  void theResolvedTextOfAnyJobParsesToAnEqualJob() {
    for (long seed = 0; seed < JOBS; seed++) {
      Job job = RandomJobs.next(new Random(seed));
      assertSame(job, JobParser.parse(job.resolved(), List.of()), "seed " + seed);
    }
  }

  /** Only where the model stood in the file differs. */
  static void assertSame(Job job, Job again, String what) {
    assertThat(again.run()).as(what).isEqualTo(job.run());
    assertThat(again.dataset()).as(what).isEqualTo(job.dataset());
    assertThat(again.image()).as(what).isEqualTo(job.image());
    assertThat(again.augment()).as(what).isEqualTo(job.augment());
    assertThat(again.model()).as(what).isEqualTo(job.model());
    assertThat(again.training()).as(what).isEqualTo(job.training());
    assertThat(again.spark()).as(what).isEqualTo(job.spark());
    assertThat(again.resolved()).as(what).isEqualTo(job.resolved());
  }
}
