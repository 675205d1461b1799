/**
 * The round and the evaluation on a Spark cluster, and the run folder on Hadoop file systems. Knows
 * no concrete engine.
 *
 * <p>Read first: {@link dev.tessera.spark.SparkRoundRunner}, {@link
 * dev.tessera.spark.SparkEvaluator}. Imports {@code round}, {@code dataset} and what they import;
 * must not import {@code engine.nd4j} or the job file.
 */
@NullMarked
package dev.tessera.spark;

import org.jspecify.annotations.NullMarked;
