package dev.tessera.dataset;

import dev.tessera.image.ImageSettings;
import dev.tessera.image.PixelBlock;
import dev.tessera.stats.ChannelMoments;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.storage.StorageLevel;

/**
 * A set of images, decoded and dealt out: exactly one partition a worker, cached by Spark as large
 * blocks of bytes, on disk where memory is short. Which examples a shard has, and in which order,
 * depends on the seed, the origins and the number of workers alone.
 *
 * <p>The driver holds counts, never pixels.
 */
public final class Shards implements AutoCloseable {
  /** How many bad images the driver keeps by name. */
  private static final int BAD_KEPT = 1000;

  private final JavaRDD<ShardPart> parts;
  private final int[] examplesPerShard;
  private final long[] classCounts;
  private final long badCount;
  private final List<BadImage> badImages;
  private final int channels;

  private Shards(JavaRDD<ShardPart> parts, int classes, int channels) {
    this.parts = parts;
    this.channels = channels;
    List<long[]> counts =
        TaskFailures.unwrapped(() -> parts.mapPartitions(new CountShard(classes)).collect());
    examplesPerShard = new int[counts.size()];
    classCounts = new long[classes];
    long bad = 0;
    for (int shard = 0; shard < counts.size(); shard++) {
      long[] count = counts.get(shard);
      for (int label = 0; label < classes; label++) {
        classCounts[label] += count[label];
        examplesPerShard[shard] += (int) count[label];
      }
      bad += count[classes];
    }
    badCount = bad;
    badImages = bad == 0 ? List.of() : firstBad(parts);
  }

  /**
   * Reads, decodes and caches a set: a Spark job that takes as long as reading everything once.
   *
   * @param refs the examples, none hidden, their labels below {@code classes}
   * @param workers number of shards, at least 1
   */
  static Shards of(
      JavaRDD<ExampleRef> refs,
      Source source,
      ImageSettings image,
      SerializableConfiguration configuration,
      int classes,
      long seed,
      int workers) {
    JavaRDD<ShardPart> parts =
        Ranking.deal(refs, seed, workers)
            .mapPartitions(new DecodeShard(source, image, configuration), true)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return new Shards(parts, classes, image.channels());
    } catch (RuntimeException | Error e) {
      parts.unpersist();
      throw e;
    }
  }

  /** Partition k is the shard of worker k, its blocks in order; no block is empty. */
  public JavaRDD<PixelBlock> blocks() {
    return parts.map(new Block()).filter(new HasExamples());
  }

  /** Usable examples of every shard; they differ by more than one only where images are bad. */
  public int[] examplesPerShard() {
    return examplesPerShard.clone();
  }

  /** Usable examples of the largest shard. */
  public int largest() {
    return Arrays.stream(examplesPerShard).max().orElse(0);
  }

  /** Usable examples of the set. */
  public long examples() {
    long sum = 0;
    for (int examples : examplesPerShard) {
      sum += examples;
    }
    return sum;
  }

  /** Usable examples of every class. */
  public long[] classCounts() {
    return classCounts.clone();
  }

  /** Images that were left out. */
  public long badCount() {
    return badCount;
  }

  /** The first 1,000 images that were left out, by origin. */
  public List<BadImage> badImages() {
    return badImages;
  }

  /**
   * Mean and deviation of every channel over all pixels of the set: one Spark pass, exact sums.
   *
   * @return moments of no pixels if the set has no examples
   */
  public ChannelMoments moments() {
    ChannelMoments sum = new ChannelMoments(channels);
    TaskFailures.unwrapped(() -> parts.mapPartitions(new SumShard(channels)).collect())
        .forEach(sum::add);
    return sum;
  }

  /** A fingerprint of origins, labels and pixels: sixteen hexadecimal digits, one Spark pass. */
  public String contentHash() {
    return ContentHash.of(parts);
  }

  /** Gives the cached blocks back; what is read afterwards is decoded again. */
  @Override
  public void close() {
    parts.unpersist();
  }

  private static List<BadImage> firstBad(JavaRDD<ShardPart> parts) {
    return TaskFailures.unwrapped(
        () -> List.copyOf(parts.flatMap(new Bad()).takeOrdered(BAD_KEPT, new ByOrigin())));
  }

  private record Block() implements Function<ShardPart, PixelBlock> {
    @Override
    public PixelBlock call(ShardPart part) {
      return part.block();
    }
  }

  private record HasExamples() implements Function<PixelBlock, Boolean> {
    @Override
    public Boolean call(PixelBlock block) {
      return block.size() > 0;
    }
  }

  private record Bad() implements FlatMapFunction<ShardPart, BadImage> {
    @Override
    public Iterator<BadImage> call(ShardPart part) {
      return part.bad().iterator();
    }
  }

  private record ByOrigin() implements Comparator<BadImage>, Serializable {
    @Override
    public int compare(BadImage a, BadImage b) {
      return a.origin().compareTo(b.origin());
    }
  }

  /** One array a shard: examples of every class, then the bad images. */
  private record CountShard(int classes) implements FlatMapFunction<Iterator<ShardPart>, long[]> {
    @Override
    public Iterator<long[]> call(Iterator<ShardPart> parts) {
      long[] counts = new long[classes + 1];
      while (parts.hasNext()) {
        ShardPart part = parts.next();
        for (int i = 0; i < part.block().size(); i++) {
          counts[part.block().label(i)]++;
        }
        counts[classes] += part.bad().size();
      }
      return List.of(counts).iterator();
    }
  }

  private record SumShard(int channels)
      implements FlatMapFunction<Iterator<ShardPart>, ChannelMoments> {
    @Override
    public Iterator<ChannelMoments> call(Iterator<ShardPart> parts) {
      ChannelMoments moments = new ChannelMoments(channels);
      while (parts.hasNext()) {
        PixelBlock block = parts.next().block();
        byte[] example = new byte[block.shape().size()];
        for (int i = 0; i < block.size(); i++) {
          block.copyPixels(i, example, 0);
          moments.add(example);
        }
      }
      return List.of(moments).iterator();
    }
  }
}
