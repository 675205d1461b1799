package dev.tessera.dataset;

import dev.tessera.image.ExampleBlock;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.PixelBlock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;

/** Finds and decodes the first examples of every class, in the order of {@link Ranking}. */
final class FirstOfClasses {
  /** Of every class, in the place of images that can't be decoded. */
  private static final int SPARE = 2;

  private final JavaSparkContext spark;
  private final long seed;
  private final int classes;
  private final int count;

  /**
   * @param count of examples at most
   */
  FirstOfClasses(JavaSparkContext spark, long seed, int classes, int count) {
    this.spark = spark;
    this.seed = seed;
    this.classes = classes;
    this.count = count;
  }

  /** Runs two Spark jobs, of which the second is one task that reads these examples alone. */
  ImageSample sample(
      JavaRDD<ExampleRef> refs, Source source, ImageSettings image, List<String> classNames) {
    List<RankedRef> candidates = candidates(refs);
    Shards.Making making =
        new Shards.Making(image, Cache.NONE, seed, new Dealing(1, Integer.MAX_VALUE));
    Ranking.Ranked ranked = new Ranking.Ranked(spark.parallelize(candidates, 1), candidates.size());
    List<ShardPart> parts =
        TaskFailures.unwrapped(
            () ->
                Shards.parts(spark, ranked, wanted(candidates), source, classes, making).collect());
    List<BadImage> bad = new ArrayList<>();
    parts.forEach(part -> bad.addAll(part.bad()));
    return new ImageSample(classNames, first(parts, image), bad);
  }

  private static Wanted wanted(List<RankedRef> candidates) {
    HashSet<String> origins = new HashSet<>();
    candidates.forEach(candidate -> origins.add(candidate.ref().origin()));
    return origins::contains;
  }

  /** The first of every class, the second of every class, and so on. */
  private List<RankedRef> candidates(JavaRDD<ExampleRef> refs) {
    int shown = Math.min(classes, count);
    int ofEach = (count + shown - 1) / shown + SPARE;
    FirstRefs kept = new FirstRefs(classes, ofEach);
    BitSet labels = new BitSet();
    for (int i = 0; i < shown; i++) {
      labels.set((int) ((long) i * classes / shown));
    }
    JavaRDD<ExampleRef> ofShown = refs.filter(new IsShown(labels));
    TaskFailures.unwrapped(
            () -> ofShown.mapPartitions(new KeepFirst(seed, classes, ofEach)).collect())
        .forEach(ref -> kept.add(Ranking.rankKey(seed, ref.origin()), ref));
    List<RankedRef> candidates = new ArrayList<>();
    for (int place = 0; place < ofEach; place++) {
      for (int i = 0; i < shown; i++) {
        List<ExampleRef> ofClass = kept.ofClass((int) ((long) i * classes / shown));
        if (place < ofClass.size()) {
          candidates.add(new RankedRef(candidates.size(), ofClass.get(place)));
        }
      }
    }
    return candidates;
  }

  private PixelBlock first(List<ShardPart> parts, ImageSettings image) {
    int good = parts.stream().mapToInt(part -> part.block().size()).sum();
    int size = Math.min(count, good);
    int bytes = image.shape().size();
    byte[] pixels = new byte[size * bytes];
    int[] labels = new int[size];
    String[] origins = new String[size];
    int next = 0;
    for (ShardPart part : parts) {
      ExampleBlock block = part.block();
      for (int i = 0; i < block.size() && next < size; i++, next++) {
        ((PixelBlock) block).copyPixels(i, pixels, next * bytes);
        labels[next] = block.label(i);
        origins[next] = block.origin(i);
      }
    }
    return new PixelBlock(image.shape(), pixels, labels, origins);
  }

  /** The least by key of every class, as many as are wanted. */
  private static final class FirstRefs {
    private final int ofEach;
    private final List<TreeMap<String, ExampleRef>> byClass = new ArrayList<>();

    FirstRefs(int classes, int ofEach) {
      this.ofEach = ofEach;
      for (int label = 0; label < classes; label++) {
        byClass.add(new TreeMap<>());
      }
    }

    void add(String key, ExampleRef ref) {
      TreeMap<String, ExampleRef> kept = byClass.get(ref.label());
      kept.put(key, ref);
      if (kept.size() > ofEach) {
        kept.pollLastEntry();
      }
    }

    List<ExampleRef> ofClass(int label) {
      return List.copyOf(byClass.get(label).values());
    }

    List<ExampleRef> all() {
      return byClass.stream().flatMap(kept -> kept.values().stream()).toList();
    }
  }

  private record IsShown(BitSet labels) implements Function<ExampleRef, Boolean> {
    @Override
    public Boolean call(ExampleRef ref) {
      return labels.get(ref.label());
    }
  }

  private record KeepFirst(long seed, int classes, int ofEach)
      implements FlatMapFunction<Iterator<ExampleRef>, ExampleRef> {
    @Override
    public Iterator<ExampleRef> call(Iterator<ExampleRef> refs) {
      FirstRefs kept = new FirstRefs(classes, ofEach);
      refs.forEachRemaining(ref -> kept.add(Ranking.rankKey(seed, ref.origin()), ref));
      return kept.all().iterator();
    }
  }
}
