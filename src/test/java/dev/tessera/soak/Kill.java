package dev.tessera.soak;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One kill that is planned.
 *
 * @param number of the kill in the soak, from 1
 * @param signal KILL, TERM or INT
 * @param passes how often the moment passes before, from the time that this kill is the next
 * @param delayMillis after the moment
 */
record Kill(int number, Victim victim, String signal, Moment moment, int passes, int delayMillis) {
  String text() {
    return String.join(
        ":",
        String.valueOf(number),
        victim.name(),
        signal,
        moment.name(),
        String.valueOf(passes),
        String.valueOf(delayMillis));
  }

  static Kill of(String text) {
    String[] parts = text.split(":", -1);
    return new Kill(
        Integer.parseInt(parts[0]),
        Victim.valueOf(parts[1]),
        parts[2],
        Moment.valueOf(parts[3]),
        Integer.parseInt(parts[4]),
        Integer.parseInt(parts[5]));
  }

  /** For a setting of Spark. */
  static String text(List<Kill> kills) {
    return kills.stream().map(Kill::text).collect(Collectors.joining(","));
  }

  static List<Kill> all(String text) {
    return text.isEmpty() ? List.of() : Arrays.stream(text.split(",")).map(Kill::of).toList();
  }

  boolean endsTheDriver() {
    return victim == Victim.DRIVER;
  }
}
