package dev.tessera.dataset;

import dev.tessera.image.BlockDecoder;
import dev.tessera.image.EncodedBlock;
import dev.tessera.image.ExampleBlock;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.PixelBlock;
import dev.tessera.stats.ChannelMoments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.storage.StorageLevel;

/**
 * A set of images, decoded and dealt out: a partition for every segment of every worker, cached by
 * Spark as large blocks, on disk where memory is short. Which examples a shard has, and in which
 * order, depends on the seed, the origins, the number of workers and the size of segments alone.
 *
 * <p>The driver holds counts, never pixels.
 */
public final class Shards implements AutoCloseable {
  /** How many bad images the driver keeps by name. */
  private static final int BAD_KEPT = 1000;

  /** How many bad images the driver holds while it hands them on. */
  private static final int BAD_AT_ONCE = 10_000;

  private final JavaRDD<ShardPart> parts;

  /** The same for its figures and bad images: {@link #parts}, or these without their blocks. */
  private final JavaRDD<ShardPart> noted;

  private final int workers;
  private final int[] segmentSizes;
  private final long[] badOfParts;
  private final SetFigures figures;
  private final List<BadImage> badImages;

  private Shards(
      JavaRDD<ShardPart> parts, JavaRDD<ShardPart> noted, int workers, int classes, int channels) {
    this.parts = parts;
    this.noted = noted;
    this.workers = workers;
    List<SetFigures> ofParts =
        TaskFailures.unwrapped(() -> noted.mapPartitions(new Sum(classes, channels)).collect());
    segmentSizes = ofParts.stream().mapToInt(part -> Math.toIntExact(part.examples())).toArray();
    badOfParts = ofParts.stream().mapToLong(SetFigures::badCount).toArray();
    figures = new SetFigures(classes, channels);
    ofParts.forEach(figures::add);
    badImages = firstBad();
  }

  /** What a set is made under. */
  record Making(ImageSettings image, Cache cache, long seed, Dealing dealing) {}

  /**
   * Reads, decodes and caches a set: a Spark job that takes as long as reading everything once.
   *
   * @param refs the examples, none hidden, their labels below {@code classes}
   */
  static Shards of(
      JavaSparkContext spark,
      JavaRDD<ExampleRef> refs,
      Wanted wanted,
      Source source,
      int classes,
      Making making) {
    JavaRDD<ShardPart> parts =
        parts(spark, Ranking.rank(refs, making.seed()), wanted, source, classes, making);
    // Without a cache what was counted and left out is kept, so that nothing is decoded to name it.
    JavaRDD<ShardPart> noted = making.cache() == Cache.NONE ? parts.map(new WithoutBlock()) : parts;
    noted.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return new Shards(
          parts, noted, making.dealing().workers(), classes, making.image().channels());
    } catch (RuntimeException | Error e) {
      noted.unpersist();
      throw e;
    }
  }

  /** Lazily: nothing is read yet. */
  static JavaRDD<ShardPart> parts(
      JavaSparkContext spark,
      Ranking.Ranked ranked,
      Wanted wanted,
      Source source,
      int classes,
      Making making) {
    return Dealt.examples(
        spark,
        source,
        ranked,
        wanted,
        making.dealing(),
        new Decode(making.image(), making.cache(), classes));
  }

  /**
   * Partition s x workers + k is the part of worker k in segment s, its blocks in order; no block
   * is empty.
   */
  public JavaRDD<ExampleBlock> blocks() {
    return parts.map(new Block()).filter(new HasExamples());
  }

  /** The same, decoded where files are cached. */
  public JavaRDD<PixelBlock> pixelBlocks(ImageSettings image) {
    return blocks().mapPartitions(new AsPixels(image), true);
  }

  /** Usable examples of every partition of {@link #blocks}. */
  public int[] segmentSizes() {
    return segmentSizes.clone();
  }

  /** Usable examples of every shard; they differ by more than one only where images are bad. */
  public int[] examplesPerShard() {
    int[] examples = new int[workers];
    for (int i = 0; i < segmentSizes.length; i++) {
      examples[i % workers] += segmentSizes[i];
    }
    return examples;
  }

  /** Usable examples of the largest part of a worker in a segment: what a task holds at once. */
  public int largest() {
    return Arrays.stream(segmentSizes).max().orElse(0);
  }

  /** Usable examples of the set. */
  public long examples() {
    return figures.examples();
  }

  /** Usable examples of every class. */
  public long[] classCounts() {
    return figures.classCounts();
  }

  /** Images that were left out. */
  public long badCount() {
    return figures.badCount();
  }

  /** The first 1,000 images that were left out, by origin. */
  public List<BadImage> badImages() {
    return badImages;
  }

  /**
   * Mean and deviation of every channel over all pixels of the set; of no pixels if it has no
   * examples.
   */
  public ChannelMoments moments() {
    return figures.moments();
  }

  /** A fingerprint of origins, labels and pixels: sixteen hexadecimal digits. */
  public String contentHash() {
    return figures.contentHash();
  }

  /** Gives the cached blocks back; what is read afterwards is decoded again. */
  @Override
  public void close() {
    noted.unpersist();
  }

  /**
   * Hands every image that was left out to a reader, part by part. The driver holds some ten
   * thousand at a time, or those of one part; parts without any are not touched.
   */
  public void eachBad(Consumer<BadImage> reader) {
    JavaRDD<BadImage> bad = noted.flatMap(new Bad());
    List<Integer> some = new ArrayList<>();
    long held = 0;
    for (int part = 0; part < badOfParts.length; part++) {
      if (badOfParts[part] > 0) {
        some.add(part);
        held += badOfParts[part];
      }
      if (held >= BAD_AT_ONCE || part == badOfParts.length - 1) {
        hand(bad, some, reader);
        some.clear();
        held = 0;
      }
    }
  }

  private static void hand(
      JavaRDD<BadImage> bad, List<Integer> partitions, Consumer<BadImage> reader) {
    if (partitions.isEmpty()) {
      return;
    }
    int[] ids = partitions.stream().mapToInt(Integer::intValue).toArray();
    for (List<BadImage> images : TaskFailures.unwrapped(() -> bad.collectPartitions(ids))) {
      images.forEach(reader);
    }
  }

  private List<BadImage> firstBad() {
    PriorityQueue<BadImage> last =
        new PriorityQueue<>(Comparator.comparing(BadImage::origin).reversed());
    eachBad(
        bad -> {
          last.add(bad);
          if (last.size() > BAD_KEPT) {
            last.remove();
          }
        });
    return last.stream().sorted(Comparator.comparing(BadImage::origin)).toList();
  }

  private record Block() implements Function<ShardPart, ExampleBlock> {
    @Override
    public ExampleBlock call(ShardPart part) {
      return part.block();
    }
  }

  private record WithoutBlock() implements Function<ShardPart, ShardPart> {
    @Override
    public ShardPart call(ShardPart part) {
      return part.withoutBlock();
    }
  }

  private record HasExamples() implements Function<ExampleBlock, Boolean> {
    @Override
    public Boolean call(ExampleBlock block) {
      return block.size() > 0;
    }
  }

  private record AsPixels(ImageSettings image)
      implements FlatMapFunction<Iterator<ExampleBlock>, PixelBlock> {
    @Override
    public Iterator<PixelBlock> call(Iterator<ExampleBlock> blocks) {
      BlockDecoder decoder = new BlockDecoder(image);
      TaskEnd.close(decoder::close);
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return blocks.hasNext();
        }

        @Override
        public PixelBlock next() {
          ExampleBlock block = blocks.next();
          return block instanceof EncodedBlock encoded
              ? encoded.decoded(decoder)
              : (PixelBlock) block;
        }
      };
    }
  }

  private record Bad() implements FlatMapFunction<ShardPart, BadImage> {
    @Override
    public Iterator<BadImage> call(ShardPart part) {
      return part.bad().iterator();
    }
  }

  private record Sum(int classes, int channels)
      implements FlatMapFunction<Iterator<ShardPart>, SetFigures> {
    @Override
    public Iterator<SetFigures> call(Iterator<ShardPart> parts) {
      SetFigures sum = new SetFigures(classes, channels);
      while (parts.hasNext()) {
        sum.add(parts.next().figures());
      }
      return List.of(sum).iterator();
    }
  }
}
