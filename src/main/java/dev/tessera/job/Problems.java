package dev.tessera.job;

import dev.tessera.error.JobException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/** Collects everything that is wrong with a job, so that the user sees it all at once. */
final class Problems {
  private record Problem(Place place, String text) {}

  private final String jobName;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param jobName the job file as the user named it: its problems come before those of included
   *     files
   */
  Problems(String jobName) {
    this.jobName = jobName;
  }

  /**
   * @param where for example {@code jobs/a.conf:3: run.seed = x}
   * @param what is wrong, without full stop
   * @param advice why, and what to do; whole sentences
   */
  void add(Place place, String where, String what, String advice) {
    String stop = what.endsWith("?") ? "" : ".";
    add(place, where + ": " + what + stop + "\n  " + advice);
  }

  /**
   * @param text whole, with its place in front
   */
  void add(Place place, String text) {
    problems.add(new Problem(place, text));
  }

  /** The place of what is missing everywhere. */
  Place nowhere() {
    return new Place(jobName, 0);
  }

  int count() {
    return problems.size();
  }

  void throwIfAny() {
    if (problems.isEmpty()) {
      return;
    }
    List<String> texts = sorted();
    if (texts.size() == 1) {
      throw new JobException(texts.get(0));
    }
    throw new JobException(
        texts.size() + " problems in " + jobName + ":\n\n" + String.join("\n\n", texts));
  }

  /** By line: the job file first, then what it includes, then the command line as it was given. */
  private List<String> sorted() {
    Comparator<Place> order =
        Comparator.comparing(Place::isOverride)
            .thenComparing(place -> !place.source().equals(jobName))
            .thenComparing(place -> place.isOverride() ? "" : place.source())
            .thenComparing(place -> place.isOverride() ? 0 : place.line());
    return List.copyOf(
        problems.stream()
            .sorted(Comparator.comparing(Problem::place, order))
            .map(Problem::text)
            .collect(Collectors.toCollection(LinkedHashSet::new)));
  }
}
