package dev.tessera.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Arrays;

/** One figure after every round, in order. A round without a figure has NaN. */
final class Curve {
  private static final int DIGITS = 4;

  private final int group;
  private double[] values = new double[64];
  private int size;
  private double sum;
  private int finite;
  private int waiting;

  /** A curve that keeps every value. */
  Curve() {
    this(1);
  }

  /** A curve that keeps the mean of every so many neighbouring values. */
  Curve(int group) {
    this.group = group;
  }

  void add(double value) {
    if (Double.isFinite(value)) {
      sum += value;
      finite++;
    }
    if (++waiting == group) {
      finish();
    }
  }

  /** Makes a point of what is waiting for the rest of its group. */
  void finish() {
    if (waiting == 0) {
      return;
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = finite == 0 ? Double.NaN : sum / finite;
    sum = 0;
    finite = 0;
    waiting = 0;
  }

  int size() {
    return size;
  }

  double at(int index) {
    return values[index];
  }

  double last() {
    return size == 0 ? Double.NaN : values[size - 1];
  }

  /** Mean of the finite values from one index to before another; NaN if there is none. */
  double mean(int from, int to) {
    return Arrays.stream(values, Math.max(0, from), Math.min(size, to))
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }

  /** Sum of the finite values from an index on. */
  double sum(int from) {
    return Arrays.stream(values, Math.min(from, size), size).filter(Double::isFinite).sum();
  }

  /** The means of every so many neighbours. */
  Curve grouped(int neighbours) {
    Curve means = new Curve(neighbours);
    for (int i = 0; i < size; i++) {
      means.add(values[i]);
    }
    means.finish();
    return means;
  }

  /** Four digits are more than a screen shows. */
  ArrayNode json() {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < size; i++) {
      json.add(number(json, values[i]));
    }
    return json;
  }

  private static JsonNode number(ArrayNode json, double value) {
    if (!Double.isFinite(value)) {
      return json.nullNode();
    }
    double rounded = rounded(value);
    return rounded == Math.rint(rounded) && Math.abs(rounded) < 1e9
        ? json.numberNode((long) rounded)
        : json.numberNode(rounded);
  }

  static double rounded(double value) {
    if (value == 0 || Math.abs(value) >= 1e9) {
      return value;
    }
    int places = DIGITS - 1 - (int) Math.floor(Math.log10(Math.abs(value)));
    if (places > 20) {
      return 0;
    }
    // Only powers up to 10^22 are exact, and only through them the result prints with few digits.
    double scale = Math.pow(10, Math.max(0, places));
    return Math.round(value * scale) / scale;
  }
}
