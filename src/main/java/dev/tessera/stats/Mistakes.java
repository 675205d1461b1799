package dev.tessera.stats;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The mistakes that the network was most certain of, the worst first: at most {@link #MOST}, and
 * the same ones in whatever order they come.
 */
public final class Mistakes implements Serializable {
  private static final long serialVersionUID = 1L;
  static final int MOST = 16;
  private static final Comparator<Mistake> WORST_FIRST =
      Comparator.comparingDouble(Mistake::probability).reversed().thenComparing(Mistake::origin);

  private final List<Mistake> worst = new ArrayList<>();

  /**
   * Whether a mistake of that probability may be among them: else its picture need not be made. NaN
   * is no certainty.
   */
  public boolean mayTake(double probability) {
    if (Double.isNaN(probability)) {
      return false;
    }
    return worst.size() < MOST || probability >= worst.get(MOST - 1).probability();
  }

  public void add(Mistake mistake) {
    worst.add(mistake);
    worst.sort(WORST_FIRST);
    if (worst.size() > MOST) {
      worst.remove(MOST);
    }
  }

  void merge(Mistakes others) {
    others.worst.forEach(this::add);
  }

  List<Mistake> worst() {
    return List.copyOf(worst);
  }
}
