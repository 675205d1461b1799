package dev.tessera.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.error.JobException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A folder that {@code tessera prepare} finished, as its manifest describes it.
 *
 * @param image what the pictures were brought to, see {@link PackedImage}
 */
record PackedFolder(
    PackedPlace place,
    PackedForm form,
    Map<String, String> image,
    List<String> classNames,
    List<PackedSet> sets)
    implements Serializable {
  static final int SCHEMA = 1;
  static final String KIND = "tessera-packed";

  PackedFolder {
    image = new LinkedHashMap<>(image);
    classNames = List.copyOf(classNames);
    sets = List.copyOf(sets);
  }

  /** A packed folder, or one set of it. */
  record Found(PackedFolder folder, @Nullable String set) {}

  /**
   * What lies at a path: a prepared folder, a set in one, or null for anything else.
   *
   * @throws JobException if it was not prepared to its end, or by a later Tessera
   */
  static @Nullable Found find(String where, String text, Configuration configuration) {
    Path path = Stores.path(where, text);
    PackedFolder folder = read(new PackedPlace(where, text), configuration);
    if (folder != null) {
      return new Found(folder, null);
    }
    Path parent = path.getParent();
    String name = path.getName();
    if (parent == null || !isSetName(name)) {
      return null;
    }
    PackedFolder above = read(new PackedPlace(where, parent.toString()), configuration);
    return above == null ? null : new Found(above, name);
  }

  private static boolean isSetName(String name) {
    return List.of(PackedSet.TRAIN, PackedSet.VALIDATION, PackedSet.TEST).contains(name);
  }

  private static @Nullable PackedFolder read(PackedPlace place, Configuration configuration) {
    if (!has(place, PackedPlace.MANIFEST, configuration)) {
      if (has(place, PackedPlace.PLAN, configuration)) {
        throw new JobException(
            place.where()
                + ": "
                + place.dir()
                + " was not prepared to its end. Run tessera prepare again with the same job: it goes on"
                + " where it stopped.");
      }
      return null;
    }
    String text = place.read(PackedPlace.MANIFEST, configuration);
    return text == null ? null : parse(place, text);
  }

  /** Where a folder can't be looked into, whoever opens the images says so. */
  private static boolean has(PackedPlace place, String name, Configuration configuration) {
    try {
      FileSystem fileSystem = place.fileSystem(configuration);
      return fileSystem.exists(place.file(name));
    } catch (IOException | JobException e) {
      return false;
    }
  }

  /** Null if the manifest is somebody else's. */
  private static @Nullable PackedFolder parse(PackedPlace place, String text) {
    JsonNode json;
    try {
      json = new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
    if (!json.path("kind").asText().equals(KIND)) {
      return null;
    }
    if (json.path("schema").asInt() != SCHEMA) {
      throw new JobException(
          place.where()
              + ": "
              + place.file(PackedPlace.MANIFEST)
              + " has schema "
              + json.path("schema")
              + ", and this Tessera reads "
              + SCHEMA
              + ". Read it with the Tessera that prepared it, or prepare the images again.");
    }
    return new PackedFolder(
        place,
        new PackedForm(json.path("jpegQuality").asInt()),
        texts(json.path("image")),
        list(json.path("classNames")),
        sets(json.path("sets")));
  }

  private static Map<String, String> texts(JsonNode json) {
    Map<String, String> texts = new LinkedHashMap<>();
    json.fieldNames().forEachRemaining(name -> texts.put(name, json.path(name).asText()));
    return texts;
  }

  private static List<String> list(JsonNode json) {
    List<String> texts = new ArrayList<>();
    json.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static List<PackedSet> sets(JsonNode json) {
    List<PackedSet> sets = new ArrayList<>();
    for (JsonNode set : json) {
      List<Integer> quarantined = new ArrayList<>();
      set.path("quarantined").forEach(part -> quarantined.add(part.asInt()));
      sets.add(
          new PackedSet(
              set.path("name").asText(),
              set.path("heldOut").asBoolean(),
              set.path("files").asInt(),
              quarantined));
    }
    return sets;
  }

  @Nullable PackedSet set(String name) {
    return sets.stream().filter(set -> set.name().equals(name)).findFirst().orElse(null);
  }
}
