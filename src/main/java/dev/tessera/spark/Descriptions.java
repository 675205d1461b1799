package dev.tessera.spark;

import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/** What Spark's UI says a job is. */
final class Descriptions {
  private static final String PROPERTY = "spark.job.description";

  private Descriptions() {}

  static void set(JavaSparkContext spark, String text) {
    spark.setLocalProperty(PROPERTY, text);
  }

  static void clear(JavaSparkContext spark) {
    @Nullable String none = null;
    spark.setLocalProperty(PROPERTY, none);
  }
}
