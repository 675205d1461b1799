package dev.tessera.dataset;

import dev.tessera.dataset.DatasetOpening.Listing;
import dev.tessera.dataset.PreparePlan.PlannedSet;
import dev.tessera.error.StorageException;
import dev.tessera.image.ImageSettings;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every set of a job once and writes it packed, file by file: a task a file, whose bytes
 * depend on the job and the images alone. What an earlier try left whole is not made again.
 *
 * <p>The driver holds the names of files and sums, nothing of an image.
 */
public final class Preparation {
  private static final Logger log = LoggerFactory.getLogger(Preparation.class);

  /** How many sums of a set come to the driver: with many classes each has some size. */
  private static final int MOST_SUMS = 200;

  private static final int MOST_TASKS = 10_000;

  private final JavaSparkContext spark;
  private final DatasetSettings settings;
  private final ImageSettings image;
  private final long seed;
  private final PackedForm form;
  private final String version;
  private final PackedPlace place;
  private final Configuration hadoop;
  private final SerializableConfiguration configuration;

  /**
   * A preparation that has not begun.
   *
   * @param dir where to, a Hadoop path
   * @param version of this program, for the manifest
   */
  public Preparation(
      JavaSparkContext spark,
      DatasetSettings settings,
      ImageSettings image,
      long seed,
      PackedForm form,
      String dir,
      String version) {
    this.spark = spark;
    this.settings = settings;
    this.image = image;
    this.seed = seed;
    this.form = form;
    this.version = version;
    hadoop = spark.hadoopConfiguration();
    configuration = new SerializableConfiguration(hadoop);
    // As for images: executors have working folders of their own.
    Location absolute = new AbsolutePaths(hadoop).folder(new Location.Folder(dir));
    place = new PackedPlace("--to = " + dir, ((Location.Folder) absolute).path());
  }

  /** Names of the classes if packed files lie at a path, of a folder or of a set in it; or null. */
  public static @Nullable List<String> classNames(String path, Configuration configuration) {
    PackedFolder.Found found = PackedFolder.find(path, path, configuration);
    return found == null ? null : found.folder().classNames();
  }

  /**
   * Does all of it, or what is left of it.
   *
   * @throws dev.tessera.error.JobException if the images are wrong, or the folder is of another job
   * @throws dev.tessera.error.DataException if too many of the images are bad; the quarantine is
   *     written
   * @throws StorageException if a store can't be read or written
   */
  public Prepared run() {
    boolean made = !place.exists("", hadoop);
    PreparePlan begun = begun();
    if (begun != null) {
      begun.requireSettings(place, settings());
    } else {
      // Before the images are listed: a folder that can't be written shall show at once.
      place.write(PackedPlace.PLAN, new PreparePlan(Map.of(), List.of(), List.of()).text(), hadoop);
    }
    try (DatasetOpening opening = new DatasetOpening(spark, settings, image, seed, 1, 1)) {
      Listing listing = listed(opening, begun == null, made);
      List<ListedSide> sides = sides(opening, listing);
      PreparePlan plan =
          new PreparePlan(
              settings(), listing.classNames(), sides.stream().map(ListedSide::planned).toList());
      if (begun != null) {
        begun.requireListing(place, plan);
      }
      if (place.exists(PackedPlace.MANIFEST, hadoop)) {
        log.info("{} is prepared already: nothing is left to do", place.dir());
        return Prepared.of(place, true, hadoop);
      }
      place.write(PackedPlace.PLAN, plan.text(), hadoop);
      return pack(listing, sides, plan);
    }
  }

  /** What was begun here, or null. One that was never listed is nothing. */
  private @Nullable PreparePlan begun() {
    String text = place.read(PackedPlace.PLAN, hadoop);
    if (text == null) {
      place.requireFree(hadoop);
      return null;
    }
    PreparePlan begun = PreparePlan.parse(place, text);
    return begun.sets().isEmpty() ? null : begun;
  }

  /** A job that does not get as far as this leaves nothing that would bind the next one. */
  private Listing listed(DatasetOpening opening, boolean first, boolean made) {
    try {
      return opening.list();
    } catch (RuntimeException e) {
      if (first) {
        place.delete(made ? "" : PackedPlace.PLAN, hadoop);
      }
      throw e;
    }
  }

  private Map<String, String> settings() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("dataset.train", text(settings.train()));
    all.put("dataset.validation", text(settings.validation()));
    all.put("dataset.test", text(settings.test()));
    all.put("dataset.validationFraction", Double.toString(settings.validationFraction()));
    all.put("dataset.testFraction", Double.toString(settings.testFraction()));
    all.put("run.seed", Long.toString(seed));
    PackedImage.settings(image).forEach((name, value) -> all.put("image." + name, value));
    all.put("the form", form.toString());
    return all;
  }

  private String text(@Nullable Location location) {
    return location == null ? "none" : location.accept(new AbsolutePaths(hadoop)).toString();
  }

  private List<ListedSide> sides(DatasetOpening opening, Listing listing) {
    List<ListedSide> sides = new ArrayList<>();
    int classes = listing.classNames().size();
    sides.add(
        ListedSide.of(
            PackedSet.TRAIN, listing.train(), listing.trainRefs(), false, classes, image.shape()));
    addSide(sides, opening, listing, PackedSet.VALIDATION);
    addSide(sides, opening, listing, PackedSet.TEST);
    return sides;
  }

  private void addSide(
      List<ListedSide> sides, DatasetOpening opening, Listing listing, String name) {
    boolean test = name.equals(PackedSet.TEST);
    ListedSet own = test ? listing.test() : listing.validation();
    JavaRDD<ExampleRef> refs =
        own != null
            ? own.examples()
            : opening.heldOut(listing.train(), test ? Split.Side.TEST : Split.Side.VALIDATION);
    if (refs == null) {
      return;
    }
    ListedSide side =
        ListedSide.of(
            name,
            own == null ? listing.train() : own,
            refs,
            own == null,
            listing.classNames().size(),
            image.shape());
    if (side.planned().images() == 0) {
      log.warn("dataset.{}Fraction came to no images: there is no {} set", name, name);
      return;
    }
    sides.add(side);
  }

  private Prepared pack(Listing listing, List<ListedSide> sides, PreparePlan plan) {
    for (ListedSide side : sides) {
      pack(side, listing.classNames());
    }
    List<PackedFigures> figures =
        sides.stream().map(side -> figures(side, listing.classNames().size())).toList();
    QuarantineSummary.of(files(sides)).log(log, place.dir() + "/" + PackedPlace.QUARANTINE);
    for (ListedSet source : sides.stream().map(ListedSide::source).distinct().toList()) {
      requireGood(source, sides, figures);
    }
    DatasetOpening.requireDecoded(
        listing.train().source(), figures.get(0).figures().classCounts(), listing.classNames());
    long packed = figures.stream().mapToLong(set -> set.figures().examples()).sum();
    JavaRDD<PackedFile> files = files(sides);
    PackedManifest manifest =
        new PackedManifest(
            version,
            seed,
            form,
            image,
            plan.classNames(),
            figures,
            SeenSizes.of(files),
            Duplicates.find(files, packed, place, configuration));
    removeRemains();
    place.write(PackedPlace.MANIFEST, manifest.text(), hadoop);
    return Prepared.of(place, false, hadoop);
  }

  private void pack(ListedSide side, List<String> classNames) {
    PlannedSet planned = side.planned();
    BitSet there = there(planned);
    log.info(
        "{}: {} images to {} files{}",
        planned.name(),
        planned.images(),
        planned.files(),
        there.isEmpty() ? "" : ", of which " + there.cardinality() + " are there already");
    if (there.cardinality() == planned.files()) {
      return;
    }
    Dealing dealing = new Dealing(1, planned.imagesPerFile());
    Ranking.Ranked all = Ranking.rank(side.refs(), seed);
    Ranking.Ranked missing =
        new Ranking.Ranked(all.refs().filter(new IsMissing(there, dealing)), all.examples());
    PackTask task =
        new PackTask(place, planned.name(), form, image, classNames, there, configuration);
    Source source = side.source().source();
    TaskFailures.unwrapped(
        () -> Dealt.examples(spark, source, missing, Wanted.ALL, dealing, task).collect());
  }

  /** Files of a set that are whole; a look at the end of each tells. */
  private BitSet there(PlannedSet planned) {
    Set<String> names = Set.copyOf(place.names(planned.name(), hadoop));
    List<PackedFile> candidates = new ArrayList<>();
    for (int part = 0; part < planned.files(); part++) {
      if (names.contains(place.part(planned.name(), part).getName())) {
        candidates.add(new PackedFile(place, planned.name(), part, configuration));
      }
    }
    BitSet there = new BitSet();
    if (!candidates.isEmpty()) {
      TaskFailures.unwrapped(
              () -> parallel(candidates).filter(new IsWhole()).map(new Part()).collect())
          .forEach(there::set);
    }
    return there;
  }

  private JavaRDD<PackedFile> parallel(List<PackedFile> files) {
    return spark.parallelize(files, Math.min(files.size(), MOST_TASKS));
  }

  private JavaRDD<PackedFile> files(List<ListedSide> sides) {
    return parallel(sides.stream().flatMap(side -> files(side).stream()).toList());
  }

  private List<PackedFile> files(ListedSide side) {
    List<PackedFile> files = new ArrayList<>();
    for (int part = 0; part < side.planned().files(); part++) {
      files.add(new PackedFile(place, side.planned().name(), part, configuration));
    }
    return files;
  }

  private PackedFigures figures(ListedSide side, int classes) {
    SetFigures sum = new SetFigures(classes, image.channels());
    List<PackedFile> all = files(side);
    JavaRDD<PackedFile> files = spark.parallelize(all, Math.min(all.size(), MOST_SUMS));
    TaskFailures.unwrapped(() -> files.mapPartitions(new Sum(classes, image.channels())).collect())
        .forEach(sum::add);
    String name = side.planned().name();
    List<Integer> quarantined = new ArrayList<>();
    Set<String> names = Set.copyOf(place.names(PackedPlace.QUARANTINE, hadoop));
    for (int part = 0; part < side.planned().files(); part++) {
      if (names.contains(place.quarantine(name, part).getName())) {
        quarantined.add(part);
      }
    }
    PackedSet set =
        new PackedSet(name, side.planned().heldOut(), side.planned().files(), quarantined);
    return new PackedFigures(set, sum);
  }

  private void requireGood(ListedSet source, List<ListedSide> sides, List<PackedFigures> figures) {
    List<ListedSide> its = sides.stream().filter(side -> side.source() == source).toList();
    long bad = 0;
    for (int i = 0; i < sides.size(); i++) {
      bad += its.contains(sides.get(i)) ? figures.get(i).figures().badCount() : 0;
    }
    if (bad > 0) {
      BadImageLimit.check(
          source,
          bad,
          QuarantineSummary.of(files(its)).first(),
          settings.maxBadFraction(),
          " They are all in "
              + place.file(PackedPlace.QUARANTINE)
              + ". After a change of the images remove "
              + place.dir()
              + " first.");
    }
  }

  private void removeRemains() {
    for (String folder :
        List.of(
            PackedSet.TRAIN,
            PackedSet.VALIDATION,
            PackedSet.TEST,
            PackedPlace.QUARANTINE,
            PackedPlace.DUPLICATES)) {
      place.removeRemains(folder, hadoop);
    }
  }

  private record IsMissing(BitSet there, Dealing dealing) implements Function<RankedRef, Boolean> {
    @Override
    public Boolean call(RankedRef ranked) {
      return !there.get(dealing.partition(ranked.rank()));
    }
  }

  private record IsWhole() implements Function<PackedFile, Boolean> {
    @Override
    public Boolean call(PackedFile file) {
      return file.figuresIfWhole() != null;
    }
  }

  private record Part() implements Function<PackedFile, Integer> {
    @Override
    public Integer call(PackedFile file) {
      return file.part();
    }
  }

  private record Sum(int classes, int channels)
      implements FlatMapFunction<Iterator<PackedFile>, SetFigures> {
    @Override
    public Iterator<SetFigures> call(Iterator<PackedFile> files) {
      SetFigures sum = new SetFigures(classes, channels);
      files.forEachRemaining(file -> sum.add(file.figures()));
      return List.of(sum).iterator();
    }
  }
}
