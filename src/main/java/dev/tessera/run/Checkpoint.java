package dev.tessera.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run goes on from: vectors, and everything else as JSON.
 *
 * @param round rounds that are done
 * @param state counters and the identity of the run; what it means is the writer's own
 * @param tensors flat vectors by name; nobody changes them
 */
public record Checkpoint(int round, ObjectNode state, Map<String, float[]> tensors) {
  public Checkpoint {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }
}
