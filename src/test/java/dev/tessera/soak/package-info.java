/**
 * Kills drivers, executors, workers and masters of real runs with real signals, and compares what
 * they leave with a run that nothing happened to. Read {@link dev.tessera.soak.Soak} first, then
 * {@link dev.tessera.soak.Moment}, then {@link dev.tessera.soak.Killer}.
 *
 * <p>{@link dev.tessera.soak.KillingListener} and {@link dev.tessera.soak.KillingFileSystem} run in
 * the driver that they watch, so nothing here may need more than Java, Spark and Hadoop.
 */
package dev.tessera.soak;
