package dev.tessera.dataset;

import dev.tessera.error.JobException;
import dev.tessera.error.Printable;
import dev.tessera.image.ImageSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from settings to an {@link ImageDataset}. Holds the listings meanwhile, and every set
 * that is ready until all are.
 */
final class DatasetOpening implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DatasetOpening.class);

  private final JavaSparkContext spark;
  private final DatasetSettings settings;
  private final ImageSettings image;
  private final long seed;
  private final int workers;
  private final long roundExamples;
  private final Split split;
  private final @Nullable Location validationPlace;
  private final @Nullable Location testPlace;
  private final List<ListedSet> listings = new ArrayList<>();
  private final Map<ListedSet, List<Shards>> unfinished = new LinkedHashMap<>();

  /** What was said of packed images already. */
  private final Set<String> differences = new HashSet<>();

  DatasetOpening(
      JavaSparkContext spark,
      DatasetSettings settings,
      ImageSettings image,
      long seed,
      int workers,
      long roundExamples) {
    this.spark = spark;
    this.settings = settings;
    this.image = image;
    this.seed = seed;
    this.workers = workers;
    this.roundExamples = roundExamples;
    this.validationPlace = ownPlace(settings.validation(), PackedSet.VALIDATION);
    this.testPlace = ownPlace(settings.test(), PackedSet.TEST);
    this.split =
        new Split(
            seed,
            testPlace == null ? settings.testFraction() : 0,
            validationPlace == null ? settings.validationFraction() : 0);
  }

  /**
   * Where a set of its own lies. A prepared folder in the place of the training set brings those it
   * was prepared with.
   */
  private @Nullable Location ownPlace(@Nullable Location stated, String set) {
    if (stated != null) {
      return stated;
    }
    PackedFolder.Found found = packed("dataset.train", absolute(settings.train()));
    PackedSet packed = found == null || found.set() != null ? null : found.folder().set(set);
    return packed == null || packed.heldOut() ? null : settings.train();
  }

  /** The sets of a job as listings, nothing of them read; those that there are not are null. */
  record Listing(
      List<String> classNames,
      ListedSet train,
      JavaRDD<ExampleRef> trainRefs,
      @Nullable ListedSet validation,
      @Nullable ListedSet test) {}

  Listing list() {
    Source source = source("dataset.train", settings.train());
    List<String> classNames = classNames(source);
    ListedSet train = listed(source, classNames, classNames, ListedSet.Classes.OF_TRAINING_SET);
    JavaRDD<ExampleRef> trainRefs = train.examples(split, Split.Side.TRAIN);
    requireTraining(train, classNames, LabelCounts.of(trainRefs, classNames.size()));
    // Listed before anything is decoded, so that a wrong path shows at once.
    ListedSet validation = separate("dataset.validation", validationPlace, classNames);
    ListedSet test = separate("dataset.test", testPlace, classNames);
    return new Listing(classNames, train, trainRefs, validation, test);
  }

  ImageDataset open() {
    Listing listing = list();
    List<String> classNames = listing.classNames();
    ListedSet train = listing.train();
    ImageDataset dataset =
        new ImageDataset(
            classNames,
            shards(train, listing.trainRefs(), split.wanted(Split.Side.TRAIN), classNames),
            heldOut("validation", listing.validation(), train, Split.Side.VALIDATION, classNames),
            heldOut("test", listing.test(), train, Split.Side.TEST, classNames));
    requireGood();
    requireDecoded(train.source(), dataset.train().classCounts(), classNames);
    unfinished.clear();
    return dataset;
  }

  /** What is held out of the training set, or null if that is nothing. */
  @Nullable JavaRDD<ExampleRef> heldOut(ListedSet train, Split.Side side) {
    return fraction(side) == 0 ? null : train.examples(split, side);
  }

  private double fraction(Split.Side side) {
    return side == Split.Side.TEST ? split.testFraction() : split.validationFraction();
  }

  HeldOutSet openHeldOut(List<String> classNames) {
    String name = "test";
    @Nullable Shards shards = alone(name, testPlace, Split.Side.TEST, classNames);
    if (shards == null) {
      name = "validation";
      shards = alone(name, validationPlace, Split.Side.VALIDATION, classNames);
    }
    if (shards == null) {
      throw new JobException(
          "dataset: there is nothing to evaluate on. Set dataset.test to a set of its own, or"
              + " dataset.testFraction (or the same for validation) to what the model was trained with.");
    }
    // Of a part that was held out, the bad ones alone, but among all images it was held out of.
    requireGood();
    if (shards.badCount() > 0) {
      log.warn(
          "{} set: {} images are left out, the first of them {}",
          name,
          shards.badCount(),
          shards.badImages().get(0));
    }
    unfinished.clear();
    return new HeldOutSet(name, shards);
  }

  ImageSample sample(int count) {
    Source source = source("dataset.train", settings.train());
    List<String> classNames = classNames(source);
    ListedSet train = listed(source, classNames, classNames, ListedSet.Classes.OF_TRAINING_SET);
    JavaRDD<ExampleRef> refs = train.examples(split, Split.Side.TRAIN);
    requireTraining(train, classNames, LabelCounts.of(refs, classNames.size()));
    return new FirstOfClasses(spark, seed, classNames.size(), count)
        .sample(refs, source, image, classNames);
  }

  private @Nullable Shards alone(
      String name, @Nullable Location location, Split.Side side, List<String> classNames) {
    if (location == null && fraction(side) == 0) {
      return null;
    }
    ListedSet set =
        location == null
            ? listed(
                source("dataset.train", settings.train()), classNames, ListedSet.Classes.OF_MODEL)
            : listed(source("dataset." + name, location), classNames, ListedSet.Classes.OF_MODEL);
    return heldOut(name, location == null ? null : set, set, side, classNames);
  }

  private Source source(String key, Location location) {
    Location absolute = absolute(location);
    PackedFolder.Found found = packed(key, absolute);
    return found == null ? Source.of(key, absolute) : packedSource(key, found);
  }

  private Location absolute(Location location) {
    return location.accept(new AbsolutePaths(spark.hadoopConfiguration()));
  }

  private PackedFolder.@Nullable Found packed(String key, Location absolute) {
    String path = absolute.packedPath();
    return path == null
        ? null
        : PackedFolder.find(key + " = " + path, path, spark.hadoopConfiguration());
  }

  private Source packedSource(String key, PackedFolder.Found found) {
    PackedFolder folder = found.folder();
    for (String line : PackedImage.differences(folder.place().where(), folder.image(), image)) {
      if (differences.add(line)) {
        log.warn(line);
      }
    }
    return PackedSource.of(folder, found.set(), key.substring(key.lastIndexOf('.') + 1));
  }

  /** Gives back the listings, and after a failure the sets that were ready. */
  @Override
  public void close() {
    listings.forEach(ListedSet::close);
    unfinished.values().stream().flatMap(List::stream).forEach(Shards::close);
  }

  private List<String> classNames(Source source) {
    List<String> names = source.classNames(spark);
    if (names.size() < 2) {
      throw new JobException(
          source.where()
              + ": only one class, \""
              + Printable.of(names.get(0))
              + "\" ("
              + source.where(names.get(0))
              + "). A classifier needs at least two: add another class.");
    }
    return names;
  }

  private ListedSet listed(Source source, List<String> classNames, ListedSet.Classes whose) {
    return listed(source, source.classNames(spark), classNames, whose);
  }

  private ListedSet listed(
      Source source, List<String> own, List<String> classNames, ListedSet.Classes whose) {
    ListedSet set = ListedSet.of(spark, source, own, classNames, whose);
    listings.add(set);
    return set;
  }

  private @Nullable ListedSet separate(
      String key, @Nullable Location location, List<String> classNames) {
    return location == null
        ? null
        : listed(source(key, location), classNames, ListedSet.Classes.OF_TRAINING_SET);
  }

  private void requireTraining(ListedSet train, List<String> classNames, LabelCounts left) {
    for (int label = 0; label < classNames.size(); label++) {
      if (left.ofClass(label) == 0) {
        throw noTrainingImages(train, classNames.get(label), train.counts().ofClass(label));
      }
    }
  }

  private JobException noTrainingImages(ListedSet train, String name, long listed) {
    Source source = train.source();
    String place = "class \"" + Printable.of(name) + "\" (" + source.where(name) + ")";
    if (listed == 0) {
      return new JobException(
          source.where()
              + ": "
              + place
              + " has no images. Every class needs training images: add some, or remove the class.");
    }
    return new JobException(
        String.format(
            "%s: %s has no training images left: all %d are held out by dataset.testFraction = %s"
                + " and dataset.validationFraction = %s. Add images, or hold out less.",
            source.where(), place, listed, split.testFraction(), split.validationFraction()));
  }

  private void requireGood() {
    unfinished.forEach(
        (set, decoded) -> BadImageLimit.check(set, decoded, settings.maxBadFraction()));
  }

  static void requireDecoded(Source source, long[] counts, List<String> classNames) {
    for (int label = 0; label < counts.length; label++) {
      if (counts[label] == 0) {
        String name = classNames.get(label);
        throw new JobException(
            source.where()
                + ": class \""
                + Printable.of(name)
                + "\" ("
                + source.where(name)
                + ") has no training image that can be decoded. Repair them, or remove the class.");
      }
    }
  }

  private @Nullable Shards heldOut(
      String name,
      @Nullable ListedSet separate,
      ListedSet train,
      Split.Side side,
      List<String> classNames) {
    if (separate != null) {
      return shards(separate, separate.examples(), Wanted.ALL, classNames);
    }
    JavaRDD<ExampleRef> refs = heldOut(train, side);
    if (refs == null) {
      return null;
    }
    Shards shards = shards(train, refs, split.wanted(side), classNames);
    if (shards.examples() > 0) {
      return shards;
    }
    log.warn(
        "dataset.{}Fraction = {} of {} images came to none: there is no {} set",
        name,
        fraction(side),
        train.counts().total(),
        name);
    shards.close();
    return null;
  }

  private Shards shards(
      ListedSet set, JavaRDD<ExampleRef> refs, Wanted wanted, List<String> classNames) {
    Shards shards = Shards.of(spark, refs, wanted, set.source(), classNames.size(), making());
    unfinished.computeIfAbsent(set, unused -> new ArrayList<>()).add(shards);
    return shards;
  }

  private Shards.Making making() {
    Dealing dealing =
        settings.cache() == Cache.NONE
            ? Dealing.byRound(workers, roundExamples)
            : Dealing.of(workers, roundExamples, image.shape());
    return new Shards.Making(image, settings.cache(), seed, dealing);
  }
}
