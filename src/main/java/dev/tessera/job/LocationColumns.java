package dev.tessera.job;

import dev.tessera.dataset.Location;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code dataset.columns} and {@code dataset.features}: where in a table, a manifest or a record
 * the image and its label are. Null is what the job leaves to the data.
 */
record LocationColumns(
    @Nullable String path,
    @Nullable String image,
    @Nullable String label,
    @Nullable String origin,
    @Nullable String imageFeature,
    @Nullable String labelFeature) {
  static final Key<String> PATH =
      column("path", "path, else the first", "Of a manifest: the column of paths.");
  static final Key<String> IMAGE =
      column(
          "image",
          "image, img or content, else the only column that can hold images",
          "Of a table: the column of images, bytes of picture files or a struct with them.");
  static final Key<String> LABEL =
      column(
          "label",
          "label or class, of a manifest else the second",
          "The column of labels, names or numbers of classes.");
  static final Key<String> ORIGIN =
      column(
          "origin",
          "in Parquet the file and the row's number, in a table a hash of the image",
          "Of a table: the column that tells images apart and decides which are held out; no two rows"
              + " have the same.");
  static final List<Key<?>> COLUMN_KEYS = List.of(PATH, IMAGE, LABEL, ORIGIN);

  static final Key<String> IMAGE_FEATURE =
      column("image", "image/encoded", "The feature with the bytes of a picture file.");
  static final Key<String> LABEL_FEATURE =
      column(
          "label",
          "image/class/label, else image/class/text",
          "The feature with the name or the number of a class.");
  static final List<Key<?>> FEATURE_KEYS = List.of(IMAGE_FEATURE, LABEL_FEATURE);

  private static final Set<LocationFormat> TABLES =
      EnumSet.of(LocationFormat.PARQUET, LocationFormat.TABLE);

  private static Key<String> column(String name, String otherwise, String meaning) {
    return Key.derived(name, Text.of(), "", otherwise, "", meaning);
  }

  static LocationColumns read(Section dataset, LocationFormat format) {
    EnumSet<LocationFormat> withColumns = EnumSet.copyOf(TABLES);
    withColumns.add(LocationFormat.MANIFEST);
    Section columns =
        section(dataset, format, DatasetParser.COLUMNS, COLUMN_KEYS, withColumns, "has columns.");
    Section features =
        section(
            dataset,
            format,
            DatasetParser.FEATURES,
            FEATURE_KEYS,
            EnumSet.of(LocationFormat.TFRECORD),
            "has features.");
    if (format == LocationFormat.MANIFEST) {
      refuse(columns, IMAGE);
      refuse(columns, ORIGIN);
    } else if (TABLES.contains(format)) {
      refuse(columns, PATH);
    }
    return new LocationColumns(
        text(columns, PATH),
        text(columns, IMAGE),
        text(columns, LABEL),
        text(columns, ORIGIN),
        text(features, IMAGE_FEATURE),
        text(features, LABEL_FEATURE));
  }

  Location.Columns table() {
    return new Location.Columns(image, label, origin);
  }

  static void write(Location location, HoconWriter to) {
    if (location instanceof Location.Manifest manifest) {
      write("columns", to, PATH, manifest.pathColumn(), LABEL, manifest.labelColumn());
    } else if (location instanceof Location.Parquet parquet) {
      write(parquet.columns(), to);
    } else if (location instanceof Location.Table table) {
      write(table.columns(), to);
    } else if (location instanceof Location.TfRecord tfrecord) {
      write(
          "features",
          to,
          IMAGE_FEATURE,
          tfrecord.imageFeature(),
          LABEL_FEATURE,
          tfrecord.labelFeature());
    }
  }

  private static void write(Location.Columns columns, HoconWriter to) {
    to.open("columns");
    put(to, IMAGE, columns.image());
    put(to, LABEL, columns.label());
    put(to, ORIGIN, columns.origin());
    to.close();
  }

  private static void write(
      String group,
      HoconWriter to,
      Key<String> first,
      @Nullable String firstValue,
      Key<String> second,
      @Nullable String secondValue) {
    to.open(group);
    put(to, first, firstValue);
    put(to, second, secondValue);
    to.close();
  }

  private static void put(HoconWriter to, Key<String> key, @Nullable String value) {
    if (value != null) {
      to.put(key, value);
    }
  }

  /** Whether the key may stand beside the format; if it may not, that is a problem. */
  static boolean requireFormat(
      Section dataset, LocationFormat format, Key<?> key, Set<LocationFormat> formats, String why) {
    if (!dataset.has(key) || formats.contains(format)) {
      return true;
    }
    String names =
        formats.stream()
            .map(known -> DatasetParser.FORMAT.type().write(known))
            .collect(Collectors.joining(", "));
    dataset.problem(key, "only format = " + names + " takes it", why + " Remove the line.");
    return false;
  }

  private static Section section(
      Section dataset,
      LocationFormat format,
      Key<String> key,
      List<Key<?>> keys,
      Set<LocationFormat> formats,
      String what) {
    requireFormat(dataset, format, key, formats, "No other format " + what);
    return dataset.section(key, keys);
  }

  private static void refuse(Section columns, Key<String> key) {
    if (columns.has(key)) {
      columns.problem(
          key,
          "this format has no such column",
          "A manifest takes path and label, a table image, label and origin. Remove the line.");
    }
  }

  private static @Nullable String text(Section section, Key<String> key) {
    return section.has(key) ? section.read(key) : null;
  }
}
