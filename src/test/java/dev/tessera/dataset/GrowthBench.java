package dev.tessera.dataset;

import com.sun.management.GarbageCollectionNotificationInfo;
import dev.tessera.SessionSettings;
import dev.tessera.engine.Engine;
import dev.tessera.engine.EngineCase;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Replica;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.onednn.OneDnnEngine;
import dev.tessera.image.BlockDecoder;
import dev.tessera.image.DecodeFailure;
import dev.tessera.image.ExampleBlock;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PictureFiles;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkPlan;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * How listing, preparing and the first epoch grow with the number of images, and what the driver
 * keeps meanwhile, on the Spark that {@code scripts/bench data --growth} starts: executors in JVMs
 * of their own, so that the driver's heap holds what a driver holds. The images are generated: JPEG
 * files of 32 x 32 in ten classes.
 *
 * <p>The first epoch is its reading: listing, decoding, caching, and every image once into
 * minibatches of 64, without a network's steps, which would hide it.
 *
 * <p>Prints {@code growth IMAGES LIST PREPARE EPOCH PACKED-EPOCH HEAP PEAK}, in seconds and MB: the
 * largest heap of the driver after a collection, and the largest at all. Then rates of one core,
 * {@code rate NAME IMAGES-A-SECOND}.
 */
public final class GrowthBench {
  private static final int SIDE = 32;
  private static final int CLASSES = 10;
  private static final int FILES_A_FOLDER = 1000;
  private static final int PATTERNS = 200;
  private static final int BATCH = 64;
  private static final int WORKERS = 2;
  private static final int WARM_UP = 500;
  private static final ImageSettings IMAGE =
      new ImageSettings(SIDE, SIDE, 3, PixelScaling.Kind.UNIT, ImageSettings.DEFAULT_MAX_PIXELS);

  private final JavaSparkContext spark;
  private final Path folder;
  private final Heap heap = new Heap();
  private int written;

  private GrowthBench(JavaSparkContext spark, Path folder) {
    this.spark = spark;
    this.folder = folder;
  }

  /** A folder for what it writes, then numbers of images, growing. */
  public static void main(String[] arguments) throws IOException {
    SparkConf settings = SessionSettings.withDefaults(new SparkConf().setAppName("bench"));
    try (JavaSparkContext spark = new JavaSparkContext(settings)) {
      GrowthBench bench = new GrowthBench(spark, Path.of(arguments[0]));
      bench.measure(WARM_UP);
      for (String images : Arrays.asList(arguments).subList(1, arguments.length)) {
        System.out.println(bench.measure(Integer.parseInt(images)));
        System.out.flush();
      }
      bench.rates();
    }
  }

  private String measure(int images) throws IOException {
    grow(images);
    Path packed = folder.resolve("packed-" + images);
    heap.reset();
    double list = seconds(this::list);
    double prepare = seconds(() -> prepare(packed));
    double epoch = seconds(() -> epoch(folder.resolve("images")));
    double packedEpoch = seconds(() -> epoch(packed));
    heap.collect();
    return String.format(
        Locale.ROOT,
        "growth %d %.1f %.1f %.1f %.1f %.0f %.0f",
        images,
        list,
        prepare,
        epoch,
        packedEpoch,
        heap.afterCollection.get() / 1e6,
        heap.peak.get() / 1e6);
  }

  private static double seconds(Runnable work) {
    long began = System.nanoTime();
    work.run();
    return (System.nanoTime() - began) / 1e9;
  }

  // --- What is measured

  private void list() {
    FolderSource source = new FolderSource("dataset.train", folder.resolve("images").toString());
    List<String> names = source.classNames(spark);
    ListedSet.of(spark, source, names, names, ListedSet.Classes.OF_TRAINING_SET).close();
  }

  private void prepare(Path packed) {
    new Preparation(
            spark,
            settings(folder.resolve("images")),
            IMAGE,
            1,
            PackedForm.PIXELS,
            packed.toString(),
            "bench")
        .run();
  }

  private DatasetSettings settings(Path train) {
    return new DatasetSettings(
        new Location.Folder(train.toString()), null, null, 0, 0, 0.01, Cache.PIXELS);
  }

  private void epoch(Path train) {
    try (ImageDataset dataset = ImageDataset.open(spark, settings(train), IMAGE, 1, WORKERS, 640)) {
      fill(dataset.train().blocks());
    }
  }

  /** Every image into minibatches. @return images a second of one core */
  private static double fill(JavaRDD<ExampleBlock> blocks) {
    double images = 0;
    double seconds = 0;
    for (double[] part : blocks.mapPartitions(new Fill()).collect()) {
      images += part[0];
      seconds += part[1];
    }
    return images / seconds;
  }

  private record Fill() implements FlatMapFunction<Iterator<ExampleBlock>, double[]> {
    @Override
    public Iterator<double[]> call(Iterator<ExampleBlock> blocks) {
      long began = System.nanoTime();
      Minibatch minibatch = new Minibatch(IMAGE.shape(), BATCH);
      double images = 0;
      try (BlockDecoder decoder = new BlockDecoder(IMAGE)) {
        while (blocks.hasNext()) {
          ExampleBlock block = blocks.next();
          for (int i = 0; i < block.size(); i++) {
            if (minibatch.size() == BATCH) {
              minibatch.clear();
            }
            minibatch.add(block, i, decoder);
          }
          images += block.size();
        }
      }
      return List.of(new double[] {images, (System.nanoTime() - began) / 1e9}).iterator();
    }
  }

  // --- Rates of one core

  private void rates() {
    Path packed = folder.resolve("packed-" + written);
    for (int pass = 0; pass < 2; pass++) {
      double rate = packedRate(packed);
      if (pass > 0) {
        print("packed-parquet", rate);
      }
    }
    try (ImageDataset dataset =
        ImageDataset.open(spark, settings(packed), IMAGE, 1, WORKERS, 640)) {
      fill(dataset.train().blocks());
      print("pixel-cache", fill(dataset.train().blocks()));
    }
    print("reference-float", trainingRate(Precision.FLOAT));
    if (new OneDnnEngine(Precision.BFLOAT16).supports(workload()).supported()) {
      print("reference-bfloat16", trainingRate(Precision.BFLOAT16));
    }
  }

  private static void print(String name, double rate) {
    System.out.printf(Locale.ROOT, "rate %s %.0f%n", name, rate);
  }

  /** In this thread, without Spark: files to minibatches, in the order of the files. */
  private static double packedRate(Path packed) {
    Configuration configuration = new Configuration();
    PackedFolder.Found found =
        Objects.requireNonNull(PackedFolder.find("bench", packed.toString(), configuration));
    PackedSource source = PackedSource.of(found.folder(), null, PackedSet.TRAIN);
    byte[] minibatch = new byte[BATCH * IMAGE.shape().size()];
    long images = 0;
    long began = System.nanoTime();
    try (ExampleDecoder decoder = new ExampleDecoder(IMAGE)) {
      for (PackedSource.Part part : source.parts()) {
        Iterator<EncodedExample> examples = source.examples(part, configuration);
        while (examples.hasNext()) {
          int place = (int) (images++ % BATCH);
          decoder.decode(examples.next(), minibatch, place * IMAGE.shape().size());
        }
      }
    } catch (DecodeFailure e) {
      throw new IllegalStateException(e);
    }
    return images / ((System.nanoTime() - began) / 1e9);
  }

  private static Workload workload() {
    NetworkPlan network = NamedNetworks.named("reference").compile(IMAGE.shape(), CLASSES);
    return new Workload(
        network,
        PixelScaling.unit(3),
        Objective.PLAIN,
        new Updater.Nesterov(0.9),
        Regularisation.NONE,
        GradientClipping.NONE,
        BATCH);
  }

  /** By the median step. */
  private static double trainingRate(Precision precision) {
    Engine engine = new OneDnnEngine(precision);
    Minibatch minibatch = EngineCase.minibatch(IMAGE.shape(), CLASSES, BATCH, 1);
    try (Replica replica = engine.open(workload(), 1)) {
      replica.load(workload().initialState(1));
      StepSettings settings = new StepSettings(0.02, 0, 1);
      double[] steps =
          IntStream.range(0, 40)
              .mapToDouble(step -> seconds(() -> replica.step(minibatch, settings)))
              .skip(10)
              .sorted()
              .toArray();
      return BATCH / steps[steps.length / 2];
    }
  }

  // --- The images

  /** Adds files until there are as many. */
  private void grow(int images) throws IOException {
    byte[][] patterns =
        IntStream.range(0, PATTERNS).mapToObj(GrowthBench::pattern).toArray(byte[][]::new);
    for (int i = written; i < images; i += FILES_A_FOLDER * CLASSES) {
      for (int label = 0; label < CLASSES; label++) {
        Files.createDirectories(place(i, label));
      }
    }
    IntStream.range(written, images).parallel().forEach(i -> write(i, patterns[i % PATTERNS]));
    written = images;
  }

  private Path place(int image, int label) {
    return folder.resolve(
        String.format(
            Locale.ROOT, "images/class-%d/%04d", label, image / (FILES_A_FOLDER * CLASSES)));
  }

  /** Bytes behind a JPEG's end belong to nobody: every file has a content of its own. */
  private void write(int image, byte[] pattern) {
    ByteBuffer file = ByteBuffer.allocate(pattern.length + Integer.BYTES);
    file.put(pattern).putInt(image);
    try {
      Files.createDirectories(place(image, image % CLASSES));
      Files.write(place(image, image % CLASSES).resolve(image + ".jpg"), file.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] pattern(int number) {
    Random random = new Random(number);
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    int slope = random.nextInt(8);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int noise = random.nextInt(24);
        image.setRGB(x, y, (x * slope + noise) << 16 | (y * 7 + noise) << 8 | (number + noise));
      }
    }
    return PictureFiles.encode(image, "jpg");
  }

  /** The heap of this JVM, the driver's. */
  private static final class Heap {
    private final AtomicLong afterCollection = new AtomicLong();
    private final AtomicLong peak = new AtomicLong();

    Heap() {
      for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
        ((NotificationEmitter) collector)
            .addNotificationListener(
                (notification, unused) ->
                    note(
                        GarbageCollectionNotificationInfo.from(
                            (CompositeData) notification.getUserData())),
                null,
                null);
      }
    }

    private void note(GarbageCollectionNotificationInfo collection) {
      raise(afterCollection, collection.getGcInfo().getMemoryUsageAfterGc());
      raise(peak, collection.getGcInfo().getMemoryUsageBeforeGc());
    }

    private static void raise(AtomicLong most, Map<String, MemoryUsage> pools) {
      long used =
          ManagementFactory.getMemoryPoolMXBeans().stream()
              .filter(pool -> pool.getType() == MemoryType.HEAP)
              .mapToLong(pool -> Objects.requireNonNull(pools.get(pool.getName())).getUsed())
              .sum();
      most.accumulateAndGet(used, Math::max);
    }

    void reset() {
      System.gc();
      afterCollection.set(0);
      peak.set(0);
    }

    /** At least one figure for each size. Notifications come a moment later. */
    void collect() {
      long before = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      peak.accumulateAndGet(before, Math::max);
      System.gc();
      afterCollection.accumulateAndGet(
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), Math::max);
    }
  }
}
