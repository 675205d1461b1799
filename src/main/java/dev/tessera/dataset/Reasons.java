package dev.tessera.dataset;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How many images were left out for which kind of reason. (A class and not a record, like
 * everything that Spark moves: Kryo can't make records.)
 */
public final class Reasons implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A codec's texts may have numbers in them: kinds are few, but nobody promises it. */
  private static final int MOST_KINDS = 100;

  private static final String OTHERS = "other reasons";

  private final TreeMap<String, Long> images = new TreeMap<>();

  /** Counts an image. */
  public void add(BadImage bad) {
    add(bad.reasonKind(), 1);
  }

  void add(Reasons other) {
    other.images.forEach(this::add);
  }

  private void add(String kind, long count) {
    boolean room = images.containsKey(kind) || images.size() < MOST_KINDS;
    images.merge(room ? kind : OTHERS, count, Long::sum);
  }

  /** Images of all kinds. */
  public long images() {
    return images.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Images by kind. */
  public Map<String, Long> byKind() {
    return Map.copyOf(images);
  }

  /**
   * A line for the log, the commonest kind first.
   *
   * @param where all of them are listed
   */
  public String describe(String where) {
    return "Left out: "
        + images()
        + (images() == 1 ? " image, " : " images, ")
        + images.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
            .map(kind -> kind.getValue() + " x " + kind.getKey())
            .collect(Collectors.joining("; "))
        + ". See "
        + where
        + ".";
  }
}
