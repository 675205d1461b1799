/**
 * Figures about parameters, pixels and predictions: plain arithmetic over arrays, in {@code double}
 * or exact integers.
 *
 * <p>Read first: {@link dev.tessera.stats.ChannelMoments}. Imports {@code network}; must not import
 * images, engines or Spark.
 */
@NullMarked
package dev.tessera.stats;

import org.jspecify.annotations.NullMarked;
