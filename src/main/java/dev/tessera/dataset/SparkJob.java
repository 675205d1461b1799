package dev.tessera.dataset;

/**
 * What a job of Spark is to the user, for messages.
 *
 * @param name {@code round 5 of 16}
 * @param task what one of its tasks is, by whose number it is named: {@code worker}
 */
public record SparkJob(String name, String task) {
  /** One that does nothing that a user would know by a name. */
  static final SparkJob ANY = new SparkJob("a job of Spark", "task");
}
