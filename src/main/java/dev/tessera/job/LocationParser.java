package dev.tessera.job;

import dev.tessera.dataset.ClassNames;
import dev.tessera.dataset.Location;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The places of images in {@code dataset}, whose form depends on {@code dataset.format}. */
final class LocationParser {
  static final String FORMS =
      "a path for folder and manifest, a path or a list of them for parquet, tar and tfrecord, a name"
          + " for table, { images = ..., labels = ... } for idx, a list of paths for cifar";

  static final Key<String> IMAGES =
      Key.required("images", Text.path(), "images", "", "File of pictures, plain or gz.");
  static final Key<String> LABELS =
      Key.required(
          "labels",
          Text.path(),
          "labels",
          "",
          "File of their labels in the same order, plain or gz.");
  static final List<Key<?>> IDX_KEYS = List.of(IMAGES, LABELS);

  private final Section dataset;
  private final LocationFormat format;
  private final int classes;
  private final ClassNames classNames;
  private final LocationColumns columns;
  private final @Nullable String labelField;

  LocationParser(Section dataset) {
    this.dataset = dataset;
    this.format = dataset.read(DatasetParser.FORMAT);
    this.classes = dataset.read(DatasetParser.CLASSES);
    checkClasses();
    this.classNames = classNames();
    this.columns = LocationColumns.read(dataset, format);
    this.labelField = labelField();
  }

  private void checkClasses() {
    requireFormat(
        DatasetParser.CLASSES,
        EnumSet.of(LocationFormat.CIFAR),
        "Of other formats the files tell the number of classes.");
  }

  /** Whether the key may stand beside the format; if it may not, that is a problem. */
  private boolean requireFormat(Key<?> key, Set<LocationFormat> formats, String why) {
    return LocationColumns.requireFormat(dataset, format, key, formats, why);
  }

  private ClassNames classNames() {
    List<String> given = dataset.read(DatasetParser.CLASS_NAMES);
    boolean byFile = dataset.has(DatasetParser.CLASS_NAMES_FILE);
    if (byFile && format == LocationFormat.FOLDER) {
      refuseNames(DatasetParser.CLASS_NAMES_FILE);
      return ClassNames.NONE;
    }
    if (byFile && !given.isEmpty()) {
      dataset.problem(
          DatasetParser.CLASS_NAMES_FILE,
          "dataset.classNames gives the names too",
          "Keep one of the two.");
      return ClassNames.NONE;
    }
    checkGiven(given);
    return byFile
        ? new ClassNames(List.of(), dataset.read(DatasetParser.CLASS_NAMES_FILE))
        : ClassNames.of(given);
  }

  private void checkGiven(List<String> given) {
    Key<List<String>> key = DatasetParser.CLASS_NAMES;
    if (given.isEmpty()) {
      return;
    }
    if (format == LocationFormat.FOLDER) {
      refuseNames(key);
    } else if (new HashSet<>(given).size() < given.size()) {
      dataset.problem(key, "a name stands in it twice", "Every class needs a name of its own.");
    } else if (format == LocationFormat.CIFAR && given.size() != classes) {
      dataset.problem(
          key,
          given.size() + " names for " + classes + " classes",
          "Give one name a class in the order of the labels, or set dataset.classes.");
    }
  }

  private void refuseNames(Key<?> key) {
    dataset.problem(
        key,
        "format = folder does not take it",
        "There the names of the folders are the names of the classes. Remove the line, or rename"
            + " the folders.");
  }

  private @Nullable String labelField() {
    Key<String> key = DatasetParser.LABEL_FIELD;
    boolean allowed =
        requireFormat(
            key,
            EnumSet.of(LocationFormat.TAR),
            "Other formats have their labels in columns or features.");
    return allowed && dataset.has(key) ? dataset.read(key) : null;
  }

  /** Null if the key is left out or wrong. */
  @Nullable Location read(Key<String> key) {
    Node place = dataset.find(key);
    if (place == null) {
      if (key.isRequired()) {
        dataset.missing(key);
      }
      return null;
    }
    return switch (format) {
      case FOLDER -> folder(key, place);
      case IDX -> idx(key, place);
      case CIFAR -> cifar(key, place);
      case MANIFEST -> manifest(key, place);
      case PARQUET -> parquet(key, place);
      case TABLE -> table(key, place);
      case TAR -> tar(key, place);
      case TFRECORD -> tfrecord(key, place);
    };
  }

  private @Nullable Location folder(Key<String> key, Node place) {
    String path = text(key, place, "\"photos/train\", a folder with one folder a class");
    return path == null ? null : new Location.Folder(path);
  }

  private @Nullable Location manifest(Key<String> key, Node place) {
    String path = text(key, place, "\"photos/train.csv\", a text of paths and labels");
    return path == null
        ? null
        : new Location.Manifest(path, columns.path(), columns.label(), classNames);
  }

  private @Nullable Location table(Key<String> key, Node place) {
    String name = text(key, place, "photos, a table or view that Spark knows");
    return name == null ? null : new Location.Table(name, columns.table(), classNames);
  }

  private @Nullable Location parquet(Key<String> key, Node place) {
    List<String> paths = paths(key, place, "\"photos/train.parquet\", a file, folder or glob");
    return paths == null ? null : new Location.Parquet(paths, columns.table(), classNames);
  }

  private @Nullable Location tar(Key<String> key, Node place) {
    List<String> paths = paths(key, place, "\"photos/train-*.tar\", a file, folder or glob");
    return paths == null ? null : new Location.Tar(paths, labelField, classNames);
  }

  private @Nullable Location tfrecord(Key<String> key, Node place) {
    List<String> paths = paths(key, place, "\"photos/train-*.tfrecord\", a file, folder or glob");
    return paths == null
        ? null
        : new Location.TfRecord(paths, columns.imageFeature(), columns.labelFeature(), classNames);
  }

  /** Null after a problem. */
  private @Nullable String text(Key<String> key, Node place, String example) {
    try {
      return Text.path().read(place.value());
    } catch (WrongValue e) {
      refuse(key, e.what(), example);
      return null;
    }
  }

  /** A path, or a list of them; null after a problem. */
  private @Nullable List<String> paths(Key<String> key, Node place, String example) {
    if (!place.isList()) {
      String path = text(key, place, example);
      return path == null ? null : List.of(path);
    }
    try {
      List<String> paths = new TextList().read(place.value());
      if (!paths.isEmpty()) {
        return paths;
      }
      refuse(key, "a list without a path", example);
    } catch (WrongValue e) {
      refuse(key, e.what(), example);
    }
    return null;
  }

  private @Nullable Location idx(Key<String> key, Node place) {
    if (!place.isObject()) {
      refuse(
          key,
          ValueType.describe(place.value()) + " where images and labels belong",
          "{ images = \"...-idx3-ubyte.gz\", labels = \"...-idx1-ubyte.gz\" }");
      return null;
    }
    Section files = new Section(place, IDX_KEYS, dataset.problems());
    return new Location.Idx(files.read(IMAGES), files.read(LABELS), classNames);
  }

  private @Nullable Location cifar(Key<String> key, Node place) {
    String example = "[\"data_batch_1.bin\", \"data_batch_2.bin\"]";
    List<String> files;
    try {
      files = new TextList().read(place.value());
    } catch (WrongValue e) {
      refuse(key, e.what(), example);
      return null;
    }
    Set<String> names = new HashSet<>();
    files.forEach(file -> names.add(file.substring(file.lastIndexOf('/') + 1)));
    if (files.isEmpty()) {
      refuse(key, "a list without a file", example);
      return null;
    }
    if (names.size() < files.size()) {
      dataset.problem(
          key,
          "two of its files have the same name",
          "An image is known by the name of its file and its number in it. List every file once, and"
              + " rename files that only differ in their folder.");
      return null;
    }
    // Names of the wrong number have been reported; without them the rest is still checked.
    int given = classNames.given().size();
    return new Location.Cifar(
        files, classes, given == 0 || given == classes ? classNames : ClassNames.NONE);
  }

  private void refuse(Key<String> key, String what, String example) {
    dataset.problem(
        key,
        what,
        key.meaning()
            + " With format = "
            + DatasetParser.FORMAT.type().write(format)
            + " write "
            + key.name()
            + " = "
            + example
            + "; other formats take another form.");
  }
}
