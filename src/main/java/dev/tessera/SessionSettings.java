package dev.tessera;

import dev.tessera.run.RunLog;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;

/** The {@code spark} section of a job beside a session that runs already. */
final class SessionSettings {
  private SessionSettings() {}

  /** Names what the job asks for and the session has not. No values: there may be secrets. */
  static void warnOfOthers(SparkConf session, Map<String, String> asked, RunLog log) {
    String others =
        new TreeMap<>(asked)
            .entrySet().stream()
                .filter(setting -> !setting.getValue().equals(session.get(setting.getKey(), "")))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
    if (!others.isEmpty()) {
      log.warn(
          "Without effect, because the Spark session runs already and has them otherwise: "
              + others
              + ". Set them where the session is started.");
    }
  }
}
