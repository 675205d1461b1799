/**
 * DL4J's own Spark trainer over our shards, to compare with. Not part of the way of the data.
 *
 * <p>Read first: {@link dev.tessera.baseline.Dl4jTrainer}. Imports {@code engine.nd4j}, Spark and
 * DL4J; nothing but the base package may import it.
 */
@NullMarked
package dev.tessera.baseline;

import org.jspecify.annotations.NullMarked;
