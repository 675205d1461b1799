package dev.tessera.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A label in JSON. */
final class JsonLabels {
  private JsonLabels() {}

  /**
   * The label as a text, empty for JSON's null; null if it is neither a text nor a whole number.
   */
  static @Nullable String text(JsonNode label) {
    if (label.isNull()) {
      return "";
    }
    return label.isTextual() || label.isIntegralNumber() || label.isBoolean()
        ? label.asText()
        : null;
  }
}
