package dev.tessera.engine.nd4j;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The fields of one JSON object, none of which may be missing or of another type. */
final class JsonFields {
  private final String where;
  private final JsonNode node;

  JsonFields(String where, JsonNode node) throws MalformedModelException {
    this.where = where;
    this.node = node;
    if (!node.isObject()) {
      throw new MalformedModelException("has no object at " + where);
    }
  }

  JsonFields object(String name) throws MalformedModelException {
    return new JsonFields(path(name), field(name, true));
  }

  List<JsonFields> objects(String name) throws MalformedModelException {
    List<JsonFields> objects = new ArrayList<>();
    for (JsonNode element : array(name)) {
      objects.add(new JsonFields(path(name) + "[" + objects.size() + "]", element));
    }
    return objects;
  }

  String text(String name) throws MalformedModelException {
    return field(name, node.path(name).isTextual()).textValue();
  }

  int integer(String name) throws MalformedModelException {
    return field(name, node.path(name).canConvertToInt()).intValue();
  }

  long whole(String name) throws MalformedModelException {
    return field(name, node.path(name).canConvertToLong()).longValue();
  }

  double number(String name) throws MalformedModelException {
    return field(name, node.path(name).isNumber()).doubleValue();
  }

  boolean truth(String name) throws MalformedModelException {
    return field(name, node.path(name).isBoolean()).booleanValue();
  }

  /** A constant written in lower case. */
  <E extends Enum<E>> E constant(String name, Class<E> type) throws MalformedModelException {
    String text = text(name);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
        return constant;
      }
    }
    throw new MalformedModelException("has the unknown value `" + text + "` at " + path(name));
  }

  int[] integers(String name) throws MalformedModelException {
    JsonNode array = array(name);
    int[] integers = new int[array.size()];
    for (int i = 0; i < integers.length; i++) {
      if (!array.get(i).canConvertToInt()) {
        throw new MalformedModelException("has no whole number at " + path(name) + "[" + i + "]");
      }
      integers[i] = array.get(i).intValue();
    }
    return integers;
  }

  List<Float> floats(String name) throws MalformedModelException {
    List<Float> floats = new ArrayList<>();
    for (JsonNode element : array(name)) {
      floats.add((float) element.doubleValue());
    }
    return floats;
  }

  boolean isText(String name) {
    return node.path(name).isTextual();
  }

  private JsonNode array(String name) throws MalformedModelException {
    return field(name, node.path(name).isArray());
  }

  private JsonNode field(String name, boolean fits) throws MalformedModelException {
    JsonNode field = node.get(name);
    if (field == null || !fits) {
      throw new MalformedModelException(
          (field == null ? "lacks " : "has a wrong type at ") + path(name));
    }
    return field;
  }

  private String path(String name) {
    return where.isEmpty() ? name : where + "." + name;
  }
}
