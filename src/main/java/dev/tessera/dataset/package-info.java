/**
 * Images as Spark finds them: sources, listing, splits, shards, channel moments, and what could not
 * be decoded.
 *
 * <p>The way: {@code Source} lists examples without bytes, or as a {@code StreamedSource} also
 * streams them; {@code Labels} says which classes labels mean; {@code Split} gives each a side by
 * its origin; {@code Ranking} deals them out to workers; {@code Dealt} brings them there, of a
 * stream by shuffles of their files, and {@code Decode} turns the share of a worker into cached
 * blocks on its machine. No image comes to the driver, but for the few of {@code ImageSample}.
 *
 * <p>{@code Preparation} goes the same way once and ends in packed Parquet files, which {@code
 * PackedSource} reads in the place of the originals.
 *
 * <p>Read first: {@link dev.tessera.dataset.ImageDataset}, {@link dev.tessera.dataset.Shards},
 * {@code Source}. Imports {@code image}, {@code network}, {@code stats} (channel moments), {@code
 * tfrecord}, {@code random}, {@code error}; must not import an engine, {@code round} or {@code
 * job}.
 */
@NullMarked
package dev.tessera.dataset;

import org.jspecify.annotations.NullMarked;
