package dev.tessera.job;

import dev.tessera.dataset.Location;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The places of images in {@code dataset}, whose form depends on {@code dataset.format}. */
final class LocationParser {
  static final String FORMS =
      "a path for folder, { images = ..., labels = ... } for idx, a list of paths for cifar";

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
  private final List<String> classNames;

  LocationParser(Section dataset) {
    this.dataset = dataset;
    this.format = dataset.read(DatasetParser.FORMAT);
    this.classes = dataset.read(DatasetParser.CLASSES);
    this.classNames = dataset.read(DatasetParser.CLASS_NAMES);
    checkClasses();
    checkClassNames();
  }

  private void checkClasses() {
    if (dataset.has(DatasetParser.CLASSES) && format != LocationFormat.CIFAR) {
      dataset.problem(
          DatasetParser.CLASSES,
          "only format = cifar takes it",
          "Of other formats the files tell the number of classes. Remove the line.");
    }
  }

  private void checkClassNames() {
    Key<List<String>> key = DatasetParser.CLASS_NAMES;
    if (classNames.isEmpty()) {
      return;
    }
    if (format == LocationFormat.FOLDER) {
      dataset.problem(
          key,
          "format = folder does not take it",
          "There the names of the folders are the names of the classes. Remove the line, or rename"
              + " the folders.");
    } else if (new HashSet<>(classNames).size() < classNames.size()) {
      dataset.problem(key, "a name stands in it twice", "Every class needs a name of its own.");
    } else if (format == LocationFormat.CIFAR && classNames.size() != classes) {
      dataset.problem(
          key,
          classNames.size() + " names for " + classes + " classes",
          "Give one name a class in the order of the labels, or set dataset.classes.");
    }
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
    };
  }

  private @Nullable Location folder(Key<String> key, Node place) {
    try {
      return new Location.Folder(Text.path().read(place.value()));
    } catch (WrongValue e) {
      return refuse(key, e.what(), "\"photos/train\", a folder with one folder a class");
    }
  }

  private @Nullable Location idx(Key<String> key, Node place) {
    if (!place.isObject()) {
      return refuse(
          key,
          ValueType.describe(place.value()) + " where images and labels belong",
          "{ images = \"...-idx3-ubyte.gz\", labels = \"...-idx1-ubyte.gz\" }");
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
      return refuse(key, e.what(), example);
    }
    Set<String> names = new HashSet<>();
    files.forEach(file -> names.add(file.substring(file.lastIndexOf('/') + 1)));
    if (files.isEmpty()) {
      return refuse(key, "a list without a file", example);
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
    boolean named = classNames.size() == classes;
    return new Location.Cifar(files, classes, named ? classNames : List.of());
  }

  private @Nullable Location refuse(Key<String> key, String what, String example) {
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
    return null;
  }
}
