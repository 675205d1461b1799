package dev.tessera.job;

import dev.tessera.error.JobException;
import java.nio.file.Path;
import java.util.List;

/** Jobs from texts, and what is wrong with them. */
final class JobTexts {
  /** The keys a job can't do without. */
  static final String SMALLEST = "dataset.train = photos\n";

  private JobTexts() {}

  static Job parse(String text, String... overrides) {
    return JobParser.parse(text, List.of(overrides));
  }

  /** What a user reads who starts a job of that text. */
  static String problemsOf(String text, String... overrides) {
    return messageOf(() -> parse(text, overrides));
  }

  static String problemsOf(Path file, String... overrides) {
    return messageOf(() -> JobParser.read(file, List.of(overrides)));
  }

  private static String messageOf(Runnable reading) {
    try {
      reading.run();
    } catch (JobException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("No problem was found");
  }
}
