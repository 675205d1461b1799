package dev.tessera.engine.onednn;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which operations of a network oneDNN has nothing but portable code for, once a JVM. */
final class SlowOperations {
  private static final Logger LOG = LoggerFactory.getLogger(SlowOperations.class);

  /** Named of one implementation; the others are counted. */
  private static final int NAMED = 3;

  /** More networks than one JVM trains; beyond it a line may come again. */
  private static final int REMEMBERED = 100;

  private static final Set<String> SAID = new LinkedHashSet<>();

  private SlowOperations() {}

  static void report(String network, boolean training, List<Operation> operations) {
    String text = describe(network, training, operations);
    if (!text.isEmpty() && isNew(text)) {
      LOG.warn("{}", text);
    }
  }

  private static boolean isNew(String text) {
    synchronized (SAID) {
      if (SAID.size() == REMEMBERED) {
        SAID.clear();
      }
      return SAID.add(text);
    }
  }

  /** Empty if there are none. */
  static String describe(String network, boolean training, List<Operation> operations) {
    Map<String, List<String>> names = new TreeMap<>();
    for (Operation operation : operations) {
      if (Implementation.slowness(operation.implementation()) > 0) {
        names
            .computeIfAbsent(operation.implementation(), any -> new ArrayList<>())
            .add(operation.name());
      }
    }
    if (names.isEmpty()) {
      return "";
    }
    List<String> parts = new ArrayList<>();
    names.forEach((implementation, of) -> parts.add(implementation + " for " + some(of)));
    return (training ? "Training of " : "Inference with ")
        + network
        + " runs slow operations, for which oneDNN has portable code alone here ("
        + OneDnn.instructionSet()
        + "): "
        + String.join("; ", parts)
        + ".";
  }

  private static String some(List<String> names) {
    if (names.size() <= NAMED) {
      return String.join(", ", names);
    }
    return String.join(", ", names.subList(0, NAMED)) + " and " + (names.size() - NAMED) + " more";
  }
}
