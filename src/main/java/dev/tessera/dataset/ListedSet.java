package dev.tessera.dataset;

import dev.tessera.error.JobException;
import dev.tessera.error.Printable;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A location, listed once and kept by Spark while it is split and dealt out. Labels are those of
 * the training set, or of a model.
 */
final class ListedSet implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ListedSet.class);

  /** Whose the class names are that the set's are matched with. */
  enum Classes {
    OF_TRAINING_SET("training set's", "or add it to dataset.train"),
    OF_MODEL("model's", "or train a model with it");

    private final String owner;
    private final String remedy;

    Classes(String owner, String remedy) {
      this.owner = owner;
      this.remedy = remedy;
    }
  }

  private final Source source;
  private final JavaRDD<ExampleRef> listed;
  private final LabelCounts counts;

  private ListedSet(
      Source source, JavaRDD<ExampleRef> listed, int classes, LongAccumulator listedSoFar) {
    this.source = source;
    this.listed = listed;
    this.counts =
        LabelCounts.of(
            listed,
            classes,
            () -> log.info("{}: listing, {} images so far", source.where(), listedSoFar.value()));
  }

  /**
   * Lists a set.
   *
   * @param own names of the set's own classes, as the source has them
   * @param classNames which these must be among
   * @param whose they are, for messages
   * @throws JobException if it has a class that they lack, or no images
   */
  static ListedSet of(
      JavaSparkContext spark,
      Source source,
      List<String> own,
      List<String> classNames,
      Classes whose) {
    int[] places = places(source, own, classNames, whose);
    // For the log alone: a task that ran twice counts twice.
    LongAccumulator listedSoFar = spark.sc().longAccumulator();
    JavaRDD<ExampleRef> listed =
        source
            .list(spark, own)
            .map(new Relabel(places, listedSoFar))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      ListedSet set = new ListedSet(source, listed, classNames.size(), listedSoFar);
      set.report(classNames.size());
      return set;
    } catch (RuntimeException | Error e) {
      listed.unpersist();
      throw e;
    }
  }

  Source source() {
    return source;
  }

  LabelCounts counts() {
    return counts;
  }

  /** All examples, without hidden files. */
  JavaRDD<ExampleRef> examples() {
    return listed.filter(new IsExample());
  }

  /** The examples of one side of a split. */
  JavaRDD<ExampleRef> examples(Split split, Split.Side side) {
    return listed.filter(new OnSide(split, side));
  }

  @Override
  public void close() {
    listed.unpersist();
  }

  private void report(int classes) {
    if (counts.total() == 0) {
      throw new JobException(
          source.where() + ": no images. Put at least one there, or check the path.");
    }
    log.info(
        "{}: {} images in {} classes{}",
        source.where(),
        counts.total(),
        classes,
        counts.hidden() == 0
            ? ""
            : ", passed over: " + counts.hidden() + " " + source.passedOver());
  }

  /** Place of each of the set's classes among the class names. */
  private static int[] places(
      Source source, List<String> own, List<String> classNames, Classes whose) {
    int[] places = new int[own.size()];
    for (int label = 0; label < places.length; label++) {
      places[label] = classNames.indexOf(own.get(label));
      if (places[label] < 0) {
        throw new JobException(
            source.where()
                + ": class \""
                + Printable.of(own.get(label))
                + "\" ("
                + source.where(own.get(label))
                + ") is not one of the "
                + whose.owner
                + " "
                + classNames.size()
                + " classes, which are matched by name. Rename or remove it, "
                + whose.remedy
                + ".");
      }
    }
    return places;
  }

  private static final class Relabel implements Function<ExampleRef, ExampleRef> {
    private static final long serialVersionUID = 1L;

    private final int[] places;
    private final LongAccumulator count;

    Relabel(int[] places, LongAccumulator count) {
      this.places = places;
      this.count = count;
    }

    @Override
    public ExampleRef call(ExampleRef ref) {
      count.add(1);
      return ref.isHidden() ? ref : new ExampleRef(ref.origin(), places[ref.label()]);
    }
  }

  private record IsExample() implements Function<ExampleRef, Boolean> {
    @Override
    public Boolean call(ExampleRef ref) {
      return !ref.isHidden();
    }
  }

  private record OnSide(Split split, Split.Side side) implements Function<ExampleRef, Boolean> {
    @Override
    public Boolean call(ExampleRef ref) {
      return !ref.isHidden() && split.side(ref.origin()) == side;
    }
  }
}
