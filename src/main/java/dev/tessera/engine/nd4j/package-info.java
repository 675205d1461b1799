/**
 * DL4J's layers as an engine: the reference for what a layer means. Also DL4J's configuration of a
 * network and DL4J's model file, with class names and image settings beside the weights.
 *
 * <p>Read first: {@link dev.tessera.engine.nd4j.Nd4jEngine}, {@link
 * dev.tessera.engine.nd4j.Dl4jConfiguration}, {@link dev.tessera.engine.nd4j.ModelFile}. Imports
 * {@code engine}, {@code network}, {@code image}, {@code error}, DL4J and ND4J; must not import
 * Spark, {@code round} or {@code job}. No ND4J array leaves this package but through {@link
 * dev.tessera.engine.nd4j.Dl4jDataSets}, for DL4J's own trainers.
 *
 * <p>DL4J's conventions that the code relies on, each held by a test: parameters lie in the order
 * of {@link dev.tessera.network.NetworkPlan#blocks()}; batch norm keeps its running variance itself
 * ({@code useLogStd(false)}); DL4J's value of dropout is the probability to keep; a flatten is a
 * preprocessor of the next layer, so that DL4J's layer indices are not ours.
 */
@NullMarked
package dev.tessera.engine.nd4j;

import org.jspecify.annotations.NullMarked;
