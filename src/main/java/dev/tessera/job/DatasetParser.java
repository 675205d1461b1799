package dev.tessera.job;

import dev.tessera.dataset.Cache;
import dev.tessera.dataset.DatasetSettings;
import dev.tessera.dataset.Location;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code dataset}: where the images are, and which of them are held out. */
final class DatasetParser {
  static final Key<LocationFormat> FORMAT =
      Key.of(
          "format",
          Word.of(LocationFormat.values()),
          LocationFormat.FOLDER,
          "",
          "How the images are stored: folder has one folder a class, idx is MNIST's format, cifar the"
              + " binary version of CIFAR-10 and CIFAR-100, manifest a CSV or JSON lines of paths and"
              + " labels, parquet files with a column of images, table the same in Spark SQL, tar"
              + " WebDataset's files, tfrecord TensorFlow's.");
  static final Key<String> TRAIN =
      Group.key(
          "train",
          "place of images",
          LocationParser.FORMS,
          Key.REQUIRED,
          "The images to learn from.");
  static final Key<String> VALIDATION =
      Group.key(
          "validation",
          "place of images",
          LocationParser.FORMS,
          "none: a part of train is held out, see validationFraction",
          "Images to evaluate on while training.");
  static final Key<String> TEST =
      Group.key(
          "test",
          "place of images",
          LocationParser.FORMS,
          "none: a part of train is held out, see testFraction",
          "Images to evaluate the finished model on.");
  static final Key<Double> VALIDATION_FRACTION =
      Key.of(
          "validationFraction",
          Decimal.from(0, 0.9),
          0.1,
          "",
          "Part of train that is held out for validation where there is no dataset.validation.");
  static final Key<Double> TEST_FRACTION =
      Key.of(
          "testFraction",
          Decimal.from(0, 0.9),
          0.0,
          "",
          "Part of train that is held out for the test where there is no dataset.test.");
  static final Key<Double> MAX_BAD_FRACTION =
      Key.of(
          "maxBadFraction",
          Decimal.from(0, 1),
          0.01,
          "",
          "The run stops if more than this part of the images of train, with all that is held out of"
              + " it, or of a validation or test set of its own can't be read.");
  static final Key<Cache> CACHE =
      Key.of(
          "cache",
          Word.of(Cache.values()),
          Cache.PIXELS,
          "",
          "What is kept between epochs, in memory and on disk where that is short: pixels at the size"
              + " of the network; encoded keeps the files, a tenth of that, and decodes them in every"
              + " epoch beside the computing; none reads and decodes everything again.");
  static final Key<Integer> CLASSES =
      Key.of(
          "classes",
          Word.ofNumbers(10, 100),
          10,
          "classes",
          "For format = cifar: 10 for CIFAR-10, 100 for CIFAR-100 with its fine labels.");
  static final Key<List<String>> CLASS_NAMES =
      Key.of(
          "classNames",
          new TextList(),
          List.of(),
          "names",
          "For every format but folder: the names of classes 0, 1, ...; without them the labels are the"
              + " names.");
  static final Key<String> CLASS_NAMES_FILE =
      Key.derived(
          "classNamesFile",
          Text.path(),
          "",
          "none",
          "",
          "The same names in a file, one a line, instead of classNames.");
  static final Key<String> COLUMNS =
      Group.key(
          "columns",
          "group",
          "columns { image = ..., label = ..., origin = ... }",
          "found by name and type",
          "For format = manifest, parquet and table: which columns have what.");
  static final Key<String> FEATURES =
      Group.key(
          "features",
          "group",
          "features { image = ..., label = ... }",
          "TensorFlow's usual names",
          "For format = tfrecord: which features of a record have what.");
  static final Key<String> LABEL_FIELD =
      Key.derived(
          "labelField",
          Text.of(),
          "",
          "label, where an image has no .cls",
          "",
          "For format = tar: the field of an image's .json that has its label.");

  static final List<Key<?>> KEYS =
      List.of(
          FORMAT,
          TRAIN,
          VALIDATION,
          TEST,
          VALIDATION_FRACTION,
          TEST_FRACTION,
          MAX_BAD_FRACTION,
          CACHE,
          CLASSES,
          CLASS_NAMES,
          CLASS_NAMES_FILE,
          COLUMNS,
          FEATURES,
          LABEL_FIELD);

  private static final double MOST_HELD_OUT = 0.9;

  private DatasetParser() {}

  /** Null after a problem with {@code train}. */
  static @Nullable DatasetSettings read(Section dataset) {
    LocationParser places = new LocationParser(dataset);
    Location train = places.read(TRAIN);
    Location validation = places.read(VALIDATION);
    Location test = places.read(TEST);
    double validationFraction = dataset.read(VALIDATION_FRACTION);
    double testFraction = dataset.read(TEST_FRACTION);
    double heldOut =
        (validation == null ? validationFraction : 0) + (test == null ? testFraction : 0);
    if (heldOut > MOST_HELD_OUT) {
      refuseFractions(dataset, heldOut);
    }
    double maxBadFraction = dataset.read(MAX_BAD_FRACTION);
    Cache cache = dataset.read(CACHE);
    return train == null
        ? null
        : new DatasetSettings(
            train, validation, test, validationFraction, testFraction, maxBadFraction, cache);
  }

  private static void refuseFractions(Section dataset, double heldOut) {
    Key<Double> key = dataset.has(TEST_FRACTION) ? TEST_FRACTION : VALIDATION_FRACTION;
    dataset.problem(
        key,
        "validationFraction and testFraction together hold out "
            + Numbers.text(heldOut)
            + " of the training set",
        "At least a tenth has to stay to learn from: make their sum at most "
            + Numbers.text(MOST_HELD_OUT)
            + ".");
  }

  static void write(DatasetSettings dataset, HoconWriter to) {
    LocationFormat format = LocationFormat.of(dataset.train());
    to.open("dataset").put(FORMAT, format).put("train", LocationFormat.hocon(dataset.train()));
    if (dataset.validation() != null) {
      to.put("validation", LocationFormat.hocon(dataset.validation()));
    }
    if (dataset.test() != null) {
      to.put("test", LocationFormat.hocon(dataset.test()));
    }
    to.put(VALIDATION_FRACTION, dataset.validationFraction())
        .put(TEST_FRACTION, dataset.testFraction())
        .put(MAX_BAD_FRACTION, dataset.maxBadFraction())
        .put(CACHE, dataset.cache());
    if (dataset.train() instanceof Location.Cifar cifar) {
      to.put(CLASSES, cifar.classes());
    }
    writeNames(dataset.train(), to);
    LocationColumns.write(dataset.train(), to);
    if (dataset.train() instanceof Location.Tar tar && tar.labelField() != null) {
      to.put(LABEL_FIELD, tar.labelField());
    }
    to.close();
  }

  private static void writeNames(Location location, HoconWriter to) {
    String file = location.names().file();
    if (file != null) {
      to.put(CLASS_NAMES_FILE, file);
    } else if (!(location instanceof Location.Folder)) {
      to.put(CLASS_NAMES, location.classNames());
    }
  }
}
