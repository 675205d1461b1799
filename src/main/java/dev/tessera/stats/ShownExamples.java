package dev.tessera.stats;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Draws a few examples of a set, of as many classes as there are, while the set goes by: the same
 * ones in whatever order, in however many parts, and in every run, by a hash of the origin alone.
 *
 * <p>Of four classes and more it is the example with the least hash of each of the four classes
 * where that is least; of fewer classes the first ones of each, then the second ones. Holds no more
 * than {@value #MOST} at a time, or of three classes two each.
 */
final class ShownExamples implements Serializable {
  private static final long serialVersionUID = 1L;
  static final int MOST = 4;

  /** Not of a run: all runs over a set show the same examples. */
  private static final long SEED = 0;

  private static final Comparator<Drawn> ORDER =
      Comparator.comparingLong(Drawn::hash)
          .thenComparing(drawn -> drawn.example().origin())
          .thenComparingInt(drawn -> drawn.example().label());

  private final int ofAClass;
  private final int kept;
  private final List<Drawn> drawn = new ArrayList<>();

  private record Drawn(long hash, ShownExample example) implements Serializable {}

  ShownExamples(int classes) {
    ofAClass = (MOST + classes - 1) / classes;
    kept = Math.max(MOST, ofAClass * Math.min(MOST, classes));
  }

  void add(String origin, int label) {
    add(
        new Drawn(
            RandomStream.hash64(SEED, Purpose.SHOWN_EXAMPLES, origin),
            new ShownExample(origin, label)));
  }

  void merge(ShownExamples others) {
    others.drawn.forEach(this::add);
  }

  private void add(Drawn candidate) {
    boolean full = drawn.size() == kept;
    if (full && ORDER.compare(candidate, drawn.get(kept - 1)) > 0) {
      return;
    }
    if (drawn.contains(candidate)) {
      // A list may name an image twice.
      return;
    }
    drawn.add(candidate);
    drawn.sort(ORDER);
    List<Drawn> same = ofClass(candidate.example().label());
    if (same.size() > ofAClass) {
      drawn.remove(same.get(ofAClass));
    } else if (drawn.size() > kept) {
      drawn.remove(kept);
    }
  }

  private List<Drawn> ofClass(int label) {
    return drawn.stream().filter(one -> one.example().label() == label).toList();
  }

  /** At most {@value #MOST}, by class. */
  List<ShownExample> chosen() {
    return drawn.stream()
        .sorted(Comparator.<Drawn>comparingInt(this::place).thenComparing(ORDER))
        .limit(MOST)
        .sorted(Comparator.<Drawn>comparingInt(one -> one.example().label()).thenComparing(ORDER))
        .map(Drawn::example)
        .toList();
  }

  /** How many of its class come before it. */
  private int place(Drawn one) {
    return ofClass(one.example().label()).indexOf(one);
  }
}
