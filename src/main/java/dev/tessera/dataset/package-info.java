/**
 * Images as Spark finds them: sources, listing, splits, shards, channel moments, and what could not
 * be decoded.
 *
 * <p>Read first: {@link dev.tessera.dataset.DatasetSettings}, {@code Source}, {@code Shards}.
 * Imports {@code image}, {@code network}, {@code random}, {@code error}; must not import an engine,
 * {@code round} or {@code job}.
 */
@NullMarked
package dev.tessera.dataset;

import org.jspecify.annotations.NullMarked;
