/**
 * DL4J's own Spark trainer over the same shards, to compare with.
 *
 * <p>Read first: {@link dev.tessera.baseline.Dl4jTrainer}. Imports {@code engine}, {@code
 * engine.nd4j}, {@code image}, {@code round} (settings), {@code error}, Spark and DL4J; nothing but
 * the entry points imports it.
 */
@NullMarked
package dev.tessera.baseline;

import org.jspecify.annotations.NullMarked;
