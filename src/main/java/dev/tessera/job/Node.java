package dev.tessera.job;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A value of a job with its key.
 *
 * @param path key from the root, for example {@code model.layers[2].kernel}
 * @param value with substitutions put in
 * @param written the same before substitutions: its line is the key's, where {@code value} may have
 *     that of the key or environment variable referred to
 */
record Node(String path, ConfigValue value, ConfigValue written) {
  private static final int SHOWN_CHARACTERS = 60;

  boolean isObject() {
    return value.valueType() == ConfigValueType.OBJECT;
  }

  boolean isList() {
    return value.valueType() == ConfigValueType.LIST;
  }

  /** Keys of an object that are not null, in the order of their lines. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    ((ConfigObject) value)
        .forEach(
            (key, child) -> {
              if (child.valueType() != ConfigValueType.NULL) {
                keys.add(key);
              }
            });
    keys.sort(
        Comparator.comparing((String key) -> child(key).place().line())
            .thenComparing(Comparator.naturalOrder()));
    return keys;
  }

  /** The value of a key of an object that has it. */
  Node child(String key) {
    ConfigValue child = Objects.requireNonNull(((ConfigObject) value).get(key));
    return new Node(
        path.isEmpty() ? shown(key) : path + "." + shown(key), child, written(key, child));
  }

  /** Elements of a list. */
  List<Node> elements() {
    List<Node> elements = new ArrayList<>();
    ConfigList list = (ConfigList) value;
    boolean sameWritten = written instanceof ConfigList other && other.size() == list.size();
    for (int i = 0; i < list.size(); i++) {
      ConfigValue element = sameWritten ? ((ConfigList) written).get(i) : list.get(i);
      elements.add(new Node(path + "[" + i + "]", list.get(i), element));
    }
    return elements;
  }

  private ConfigValue written(String key, ConfigValue child) {
    if (!(written instanceof ConfigObject object)) {
      return child;
    }
    try {
      ConfigValue found = object.get(key);
      return found == null ? child : found;
    } catch (ConfigException.NotResolved e) {
      // An object merged by a substitution can't be looked into; the resolved value has a line too.
      return child;
    }
  }

  Place place() {
    Place place = Place.of(written.origin());
    return place.isExact() ? place : Place.of(value);
  }

  /** {@code jobs/a.conf:3: run.seed = "x"}. */
  String where() {
    Place place = place();
    return place.isOverrideOf(path) ? place.toString() : place + ": " + path + " = " + shownValue();
  }

  /** The value on one line, shortened. */
  String shownValue() {
    String text = value.render(ConfigRenderOptions.concise());
    return text.length() <= SHOWN_CHARACTERS
        ? text
        : text.substring(0, SHOWN_CHARACTERS - 3) + "...";
  }

  private static String shown(String key) {
    return key.matches("[A-Za-z0-9_-]+") ? key : ConfigUtil.quoteString(key);
  }
}
