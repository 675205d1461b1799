package dev.tessera.spark;

import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/** What Spark's UI says a job is. */
final class Descriptions {
  private static final String PROPERTY = "spark.job.description";

  private Descriptions() {}

  /** Returns what the caller's own jobs were said to be, to be given to {@link #restore}. */
  static @Nullable String set(JavaSparkContext spark, String text) {
    String before = spark.getLocalProperty(PROPERTY);
    spark.setLocalProperty(PROPERTY, text);
    return before;
  }

  static void restore(JavaSparkContext spark, @Nullable String before) {
    spark.setLocalProperty(PROPERTY, before);
  }
}
