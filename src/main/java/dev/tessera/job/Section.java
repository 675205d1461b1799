package dev.tessera.job;

import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of a job file with the keys it may have: reads them one by one and collects what is
 * wrong.
 */
final class Section {
  private final Node node;
  private final List<? extends Key<?>> keys;
  private final Problems problems;

  /** Unknown keys become problems at once. */
  Section(Node node, List<? extends Key<?>> keys, Problems problems) {
    this.node = node;
    this.keys = List.copyOf(keys);
    this.problems = problems;
    refuseUnknownKeys();
  }

  private Section(Node node, Problems problems) {
    this.node = node;
    this.keys = List.of();
    this.problems = problems;
  }

  /** For a look at one key that tells which others there may be: unknown keys are let be. */
  static Section peek(Node node, Problems problems) {
    return new Section(node, problems);
  }

  Node node() {
    return node;
  }

  Problems problems() {
    return problems;
  }

  boolean has(Key<?> key) {
    return node.keys().contains(key.name());
  }

  /** The value, the default if it is left out or wrong. */
  <T> T read(Key<T> key) {
    return read(key, key.fallback());
  }

  /** The value, or {@code fallback} if it is left out or wrong. */
  <T> T read(Key<T> key, T fallback) {
    if (!has(key)) {
      if (key.isRequired()) {
        missing(key);
      }
      return fallback;
    }
    try {
      return key.type().read(node.child(key.name()).value());
    } catch (WrongValue e) {
      problem(key, e.what(), key.advice());
      return fallback;
    }
  }

  /** The value of a key that its own parser reads, or null if it is left out. */
  @Nullable Node find(Key<?> key) {
    return has(key) ? node.child(key.name()) : null;
  }

  /** The object under a key; an empty one if it is left out or is something else. */
  Section section(Key<?> key, List<? extends Key<?>> itsKeys) {
    Node child = find(key);
    if (child != null && child.isObject()) {
      return new Section(child, itsKeys, problems);
    }
    if (child != null) {
      problem(key, key.type().wrongType(child.value()).what(), key.advice());
    }
    var empty = ConfigValueFactory.fromMap(Map.of());
    String path = node.path().isEmpty() ? key.name() : node.path() + "." + key.name();
    return new Section(new Node(path, empty, empty), itsKeys, problems);
  }

  /** A problem with the value of a key that is there. */
  void problem(Key<?> key, String what, String advice) {
    Node child = node.child(key.name());
    if (!Substitutions.isStandIn(child.value())) {
      problems.add(child.place(), child.where(), what, advice);
    }
  }

  /** The problem of a required key that is left out. */
  void missing(Key<?> key) {
    String path = node.path().isEmpty() ? key.name() : node.path() + "." + key.name();
    Place own = node.place();
    Place place = own.isExact() ? own : problems.nowhere();
    problems.add(place, place.toString(), path + " is missing", key.advice());
  }

  private void refuseUnknownKeys() {
    List<String> known = new ArrayList<>();
    keys.forEach(key -> known.add(key.name()));
    for (String name : node.keys()) {
      if (!known.contains(name)) {
        refuse(node.child(name), name, known);
      }
    }
  }

  private void refuse(Node child, String name, List<String> known) {
    String owner = node.path().isEmpty() ? "A job file" : node.path();
    String guess = known.isEmpty() ? "" : guess(name, known);
    problems.add(
        child.place(),
        child.where(),
        "there is no such key" + guess,
        owner + " knows " + (known.isEmpty() ? "no keys" : String.join(", ", known)) + ".");
  }

  /** A key of this section that is close, else one of that name in another section. */
  private String guess(String name, List<String> known) {
    String nearest = NearestName.of(name, known);
    String full = node.path().isEmpty() ? nearest : node.path() + "." + nearest;
    String elsewhere = JobKeys.elsewhere(name);
    if (NearestName.close(name, nearest)) {
      return ". Did you mean " + full + "?";
    }
    return elsewhere.isEmpty()
        ? ". The nearest one is " + full
        : ". Did you mean " + elsewhere + "?";
  }
}
