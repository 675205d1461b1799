package dev.tessera.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Figures as JSON, which has no NaN and no infinity: what is not finite becomes null. */
public final class JsonNumbers {
  private JsonNumbers() {}

  public static JsonNode of(double value) {
    return Double.isFinite(value)
        ? JsonNodeFactory.instance.numberNode(value)
        : JsonNodeFactory.instance.nullNode();
  }

  /** Back from {@link #of}: what is no number becomes NaN. */
  static double value(JsonNode json) {
    return json.asDouble(Double.NaN);
  }
}
