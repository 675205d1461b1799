/**
 * Augmentation: random changes of training examples, after the cache and before scaling, on bytes
 * at the network's size. docs/augmentation.md has the formulas and their sources.
 *
 * <p>Read first: {@link dev.tessera.image.augment.Augmentation}, {@link
 * dev.tessera.image.augment.Augmenter}, {@code ImageStep}. Imports {@code image}, {@code network}
 * (shapes) and {@code random}; must not import a codec, an engine or Spark.
 */
@NullMarked
package dev.tessera.image.augment;

import org.jspecify.annotations.NullMarked;
