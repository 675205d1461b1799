package dev.tessera.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * In what two resolved jobs differ as far as it decides which bits come out: not in the names of
 * the run and its folder, in what is logged and kept, nor in Spark's settings.
 */
public final class JobDifference {
  private static final List<String> OF_NO_CONSEQUENCE =
      List.of(
          "run.name",
          "run.dir",
          "run.parameterTableEvery",
          "run.tensorboard",
          "run.checkpointRounds",
          "run.checkpointMinutes",
          "run.checkpointsKept",
          "spark.");

  private JobDifference() {}

  /**
   * One text a key: {@code training.epochs is 5, was 3}.
   *
   * @param before {@link Job#resolved()} of the earlier run
   */
  public static List<String> between(String before, String now) {
    Map<String, String> old = values(before);
    Map<String, String> given = values(now);
    TreeSet<String> keys = new TreeSet<>(old.keySet());
    keys.addAll(given.keySet());
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      String was = old.getOrDefault(key, "not given");
      String is = given.getOrDefault(key, "not given");
      if (!was.equals(is) && OF_NO_CONSEQUENCE.stream().noneMatch(key::startsWith)) {
        differences.add(key + " is " + is + ", was " + was);
      }
    }
    return differences;
  }

  private static Map<String, String> values(String resolved) {
    Map<String, String> values = new TreeMap<>();
    try {
      Config config = ConfigFactory.parseString(resolved);
      for (Map.Entry<String, ConfigValue> entry : config.entrySet()) {
        values.put(entry.getKey(), entry.getValue().render(ConfigRenderOptions.concise()));
      }
    } catch (ConfigException e) {
      values.put("the whole job", "damaged: " + e.getMessage());
    }
    return values;
  }
}
