package dev.tessera.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.dataset.Location;
import dev.tessera.engine.Updater;
import dev.tessera.error.JobException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobParserTest {
  private static final String SMALLEST = "dataset.train = photos\n";

  @TempDir Path folder;

  private static Job parse(String text, String... overrides) {
    return JobParser.parse(text, List.of(overrides));
  }

  private static String messageOf(String text, String... overrides) {
    try {
      parse(text, overrides);
    } catch (JobException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("No problem was found");
  }

  @Test
  void readsTheSmallestJob() {
    Job job = parse(SMALLEST);
    assertThat(job.dataset().train()).isEqualTo(new Location.Folder("photos"));
    assertThat(job.model().name()).isEqualTo("reference");
    assertThat(job.training().updater()).isEqualTo(new Updater.Nesterov(0.9));
  }
}
