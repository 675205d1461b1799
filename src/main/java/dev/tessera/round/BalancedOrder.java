package dev.tessera.round;

import dev.tessera.random.RandomStream;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Positions of a shard such that every class comes equally often: oversampling of small classes.
 * The classes take turns in random order; within a class every example comes once before one comes
 * again.
 */
final class BalancedOrder {
  private final RandomStream random;
  private final List<Turns> classes;

  private BalancedOrder(RandomStream random, int[] labels) {
    this.random = random;
    TreeMap<Integer, IntStream.Builder> positions = new TreeMap<>();
    for (int at = 0; at < labels.length; at++) {
      positions.computeIfAbsent(labels[at], label -> IntStream.builder()).add(at);
    }
    classes = positions.values().stream().map(of -> new Turns(of.build().toArray())).toList();
  }

  /**
   * As many positions as there are labels.
   *
   * @param labels class of every position of the shard
   */
  static int[] of(int[] labels, RandomStream random) {
    return new BalancedOrder(random, labels).order(labels.length);
  }

  private int[] order(int count) {
    int[] order = new int[count];
    int[] turn = new int[0];
    for (int i = 0; i < count; i++) {
      int place = i % classes.size();
      if (place == 0) {
        turn = random.permutation(classes.size());
      }
      order[i] = classes.get(turn[place]).next();
    }
    return order;
  }

  /** The examples of one class, in a new random order each time they are through. */
  private final class Turns {
    private final int[] positions;
    private int[] order = new int[0];
    private int next;

    Turns(int[] positions) {
      this.positions = positions;
    }

    int next() {
      if (next == order.length) {
        order = random.permutation(positions.length);
        next = 0;
      }
      return positions[order[next++]];
    }
  }
}
