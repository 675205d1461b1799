package dev.tessera;

import dev.tessera.dataset.KryoClasses;
import dev.tessera.run.RunLog;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;

/** What Tessera wants of a Spark session: of its own, and beside one that runs already. */
public final class SessionSettings {
  private static final String REGISTRATOR = "spark.kryo.registrator";

  private SessionSettings() {}

  /**
   * Adds what suits rounds to the settings of a session of our own, where the user has said
   * nothing.
   *
   * <p>Parameters can't be compressed, so trying costs time alone. A replica comes back within its
   * task's last message up to 16 MB, not in a block that the driver has to fetch. Kryo, where it is
   * asked for, learns our classes beside those of the user.
   */
  public static SparkConf withDefaults(SparkConf settings) {
    String registrators = settings.get(REGISTRATOR, "");
    if (!List.of(registrators.split(",", -1)).contains(KryoClasses.class.getName())) {
      settings.set(
          REGISTRATOR,
          registrators.isEmpty()
              ? KryoClasses.class.getName()
              : registrators + "," + KryoClasses.class.getName());
    }
    return settings
        .setIfMissing("spark.broadcast.compress", "false")
        .setIfMissing("spark.shuffle.compress", "false")
        .setIfMissing("spark.shuffle.spill.compress", "false")
        .setIfMissing("spark.task.maxDirectResultSize", "16m");
  }

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
