package dev.tessera;

import dev.tessera.dataset.ImageDataset;
import dev.tessera.dataset.Shards;
import dev.tessera.error.Printable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code train.log} says of the data: how many images, of which classes, over how many shards.
 */
final class DatasetLines {
  /** More classes than this are not named one by one. */
  private static final int CLASSES_NAMED = 20;

  private DatasetLines() {}

  static String of(ImageDataset images) {
    return "Data: "
        + images.classNames().size()
        + " classes"
        + set("training", images.train(), images.classNames())
        + set("validation", images.validation(), images.classNames())
        + set("test", images.test(), images.classNames());
  }

  /** The weights that balance the classes of the training set. */
  static String weights(ImageDataset images, List<Double> weights) {
    StringBuilder text = new StringBuilder("Class weights, balanced: ");
    for (int label = 0; label < Math.min(weights.size(), CLASSES_NAMED); label++) {
      text.append(label == 0 ? "" : ", ")
          .append(Printable.of(images.classNames().get(label)))
          .append(String.format(Locale.ROOT, " %.4g", weights.get(label)));
    }
    return text.append(weights.size() > CLASSES_NAMED ? ", ..." : "").toString();
  }

  private static String set(String name, @Nullable Shards shards, List<String> classNames) {
    if (shards == null) {
      return "\n  no " + name + " set";
    }
    String bad =
        shards.badCount() == 0
            ? ""
            : String.format(Locale.ROOT, ", %,d bad left out", shards.badCount());
    return String.format(
        Locale.ROOT,
        "%n  %-10s %,8d images%s in shards of %s%s",
        name,
        shards.examples(),
        bad,
        range(shards.examplesPerShard()),
        classes(shards.classCounts(), classNames));
  }

  private static String range(int[] sizes) {
    int min = Arrays.stream(sizes).min().orElse(0);
    int max = Arrays.stream(sizes).max().orElse(0);
    return min == max
        ? String.format(Locale.ROOT, "%,d", min)
        : String.format(Locale.ROOT, "%,d to %,d", min, max);
  }

  private static String classes(long[] counts, List<String> names) {
    if (counts.length > CLASSES_NAMED) {
      return "";
    }
    StringBuilder text = new StringBuilder(": ");
    for (int label = 0; label < counts.length; label++) {
      text.append(label == 0 ? "" : ", ")
          .append(Printable.of(names.get(label)))
          .append(' ')
          .append(counts[label]);
    }
    return text.toString();
  }
}
