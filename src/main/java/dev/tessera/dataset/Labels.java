package dev.tessera.dataset;

import dev.tessera.error.JobException;
import dev.tessera.error.Printable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;

/**
 * Labels as the data have them, names or whole numbers, and the classes they mean.
 *
 * <p>Where the job or the data name the classes, a label is one of the names, or else the place of
 * one from 0. Where nobody does, every label that occurs is a class: whole numbers in their order,
 * anything else by code unit.
 */
final class Labels {
  /** More would be no classes but, say, the numbers of the images. */
  private static final int MAX_CLASSES = 100_000;

  private static final Pattern WHOLE_NUMBER = Pattern.compile("0|[1-9][0-9]*");

  private Labels() {}

  /**
   * Class names that the data do not give: every label that occurs. One Spark job.
   *
   * @throws JobException if there is none, or there are too many to be classes
   */
  static List<String> namesIn(String where, JavaRDD<LabelledRef> refs) {
    List<String> found =
        new ArrayList<>(
            TaskFailures.unwrapped(
                () ->
                    refs.map(new LabelOf())
                        .filter(new HasText())
                        .distinct()
                        .take(MAX_CLASSES + 1)));
    if (found.isEmpty()) {
      throw new JobException(where + ": no images with a label. Check the path, or label them.");
    }
    if (found.size() > MAX_CLASSES) {
      throw new JobException(
          where
              + ": more than "
              + MAX_CLASSES
              + " different labels, among them \""
              + Printable.of(found.get(0))
              + "\". A label is the name or the number of a class: is it taken from the right place?");
    }
    boolean numbers = found.stream().allMatch(label -> WHOLE_NUMBER.matcher(label).matches());
    found.sort(numbers ? Comparator.comparing(BigInteger::new) : Comparator.naturalOrder());
    return List.copyOf(found);
  }

  /**
   * Looks at names that are given.
   *
   * @throws JobException if a label could be meant as a name and as a place
   */
  static List<String> requireClear(String where, List<String> names) {
    for (int place = 0; place < names.size(); place++) {
      String name = names.get(place);
      int other = place(name, names.size());
      if (other >= 0 && other != place) {
        throw new JobException(
            where
                + ": class "
                + place
                + " is named \""
                + name
                + "\", so a label "
                + name
                + " could mean two classes. Give other names.");
      }
    }
    return names;
  }

  /** Examples with the places of their labels; those without a label are hidden. */
  static JavaRDD<ExampleRef> refs(
      String where, JavaRDD<LabelledRef> refs, List<String> classNames) {
    return refs.map(new ToRef(where, classNames));
  }

  /**
   * The same refs, once it is seen that no two have the same origin: one shuffle.
   *
   * @param remedy what to do if they have, a sentence
   */
  static JavaRDD<ExampleRef> unique(String where, JavaRDD<ExampleRef> refs, String remedy) {
    int partitions = Math.max(refs.getNumPartitions(), refs.context().defaultParallelism());
    return refs.keyBy(new OriginOf())
        .reduceByKey(new RefuseSecond(where, remedy), partitions)
        .values();
  }

  /** The place that a label is by number, or -1. */
  private static int place(String label, int classes) {
    // Nine digits fit an int, and there are fewer classes.
    if (label.length() > 9 || !WHOLE_NUMBER.matcher(label).matches()) {
      return -1;
    }
    int place = Integer.parseInt(label);
    return place < classes ? place : -1;
  }

  private record LabelOf() implements Function<LabelledRef, String> {
    @Override
    public String call(LabelledRef ref) {
      String label = ref.label();
      return label == null ? "" : label;
    }
  }

  private record HasText() implements Function<String, Boolean> {
    @Override
    public Boolean call(String label) {
      return !label.isEmpty();
    }
  }

  private record OriginOf() implements Function<ExampleRef, String> {
    @Override
    public String call(ExampleRef ref) {
      return ref.origin();
    }
  }

  private record RefuseSecond(String where, String remedy)
      implements Function2<ExampleRef, ExampleRef, ExampleRef> {
    @Override
    public ExampleRef call(ExampleRef first, ExampleRef second) {
      if (first.isHidden() || second.isHidden()) {
        return first.isHidden() ? second : first;
      }
      throw new JobException(
          where
              + ": "
              + Printable.of(first.origin())
              + " is there twice, and images are told apart by it. "
              + remedy);
    }
  }

  /** Not a record: the places of the names are looked up, and made once. */
  private static final class ToRef implements Function<LabelledRef, ExampleRef> {
    private static final long serialVersionUID = 1L;

    private final String where;
    private final HashMap<String, Integer> placeOfName = new HashMap<>();

    ToRef(String where, List<String> classNames) {
      this.where = where;
      Map<String, Integer> places = placeOfName;
      classNames.forEach(name -> places.put(name, places.size()));
    }

    @Override
    public ExampleRef call(LabelledRef ref) {
      String label = ref.label();
      return new ExampleRef(
          ref.origin(), label == null ? ExampleRef.HIDDEN : placeOf(label, ref.origin()));
    }

    private int placeOf(String label, String origin) {
      Integer named = placeOfName.get(label);
      int place = named == null ? place(label, placeOfName.size()) : named;
      if (place < 0) {
        throw new JobException(
            where
                + ": "
                + Printable.of(origin)
                + " has label \""
                + Printable.of(label)
                + "\", which is neither one of the "
                + placeOfName.size()
                + " class names nor a number below "
                + placeOfName.size()
                + ". Name every class in the order of the labels, or correct the label.");
      }
      return place;
    }
  }
}
