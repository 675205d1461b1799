package dev.tessera.spark;

import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;

/** Hadoop's settings for what reads and writes run folders without a Spark session. */
public final class HadoopSettings {
  private static final String OF_SPARK = "spark.hadoop.";

  private HadoopSettings() {}

  /** With what spark-submit was given for Hadoop, which it puts among the JVM's properties. */
  public static Configuration given() {
    return given(Map.of());
  }

  /**
   * The same over what a job says, as a session would have it.
   *
   * @param job its section {@code spark}
   */
  public static Configuration given(Map<String, String> job) {
    Configuration configuration = new Configuration();
    job.forEach((key, value) -> set(configuration, key, value));
    Properties properties = System.getProperties();
    for (String key : properties.stringPropertyNames()) {
      set(configuration, key, properties.getProperty(key));
    }
    return configuration;
  }

  private static void set(Configuration configuration, String key, String value) {
    if (key.startsWith(OF_SPARK)) {
      configuration.set(key.substring(OF_SPARK.length()), value);
    }
  }
}
