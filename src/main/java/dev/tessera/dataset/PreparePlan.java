package dev.tessera.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.error.JobException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * {@code prepare.json}: what a folder is prepared from, written before anything is, so that whoever
 * goes on with it does the same.
 *
 * @param settings those that decide what the files hold
 * @param sets as they were listed
 */
record PreparePlan(Map<String, String> settings, List<String> classNames, List<PlannedSet> sets) {
  private static final int SCHEMA = 1;
  private static final String KIND = "tessera-prepare";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  PreparePlan {
    settings = new LinkedHashMap<>(settings);
    classNames = List.copyOf(classNames);
    sets = List.copyOf(sets);
  }

  /**
   * A set as it was listed.
   *
   * @param listing a hash of its origins and labels
   */
  record PlannedSet(
      String name, boolean heldOut, long images, String listing, int imagesPerFile, int files) {}

  String text() {
    ObjectNode json = JSON.createObjectNode().put("schema", SCHEMA).put("kind", KIND);
    ObjectNode settingsJson = json.putObject("settings");
    settings.forEach(settingsJson::put);
    classNames.forEach(json.putArray("classNames")::add);
    for (PlannedSet set : sets) {
      json.withArray("sets")
          .addObject()
          .put("name", set.name())
          .put("heldOut", set.heldOut())
          .put("images", set.images())
          .put("listing", set.listing())
          .put("imagesPerFile", set.imagesPerFile())
          .put("files", set.files());
    }
    return pretty(json);
  }

  static String pretty(JsonNode json) {
    try {
      return JSON.writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write JSON", e);
    }
  }

  /**
   * @throws JobException if the text is no plan
   */
  static PreparePlan parse(PackedPlace place, String text) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      json = JSON.createObjectNode();
    }
    if (!json.path("kind").asText().equals(KIND) || json.path("schema").asInt() != SCHEMA) {
      throw new JobException(
          place.where()
              + ": "
              + place.file(PackedPlace.PLAN)
              + " is no plan of this Tessera. Give the packed files a folder of their own.");
    }
    Map<String, String> settings = new LinkedHashMap<>();
    JsonNode stated = json.path("settings");
    stated.fieldNames().forEachRemaining(key -> settings.put(key, stated.path(key).asText()));
    List<String> classNames = new ArrayList<>();
    json.path("classNames").forEach(name -> classNames.add(name.asText()));
    List<PlannedSet> sets = new ArrayList<>();
    for (JsonNode set : json.path("sets")) {
      sets.add(
          new PlannedSet(
              set.path("name").asText(),
              set.path("heldOut").asBoolean(),
              set.path("images").asLong(),
              set.path("listing").asText(),
              set.path("imagesPerFile").asInt(),
              set.path("files").asInt()));
    }
    return new PreparePlan(settings, classNames, sets);
  }

  /**
   * @throws JobException if the folder was begun with other settings
   */
  void requireSettings(PackedPlace place, Map<String, String> now) {
    List<String> differences = new ArrayList<>();
    TreeSet<String> keys = new TreeSet<>(settings.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      String was = settings.getOrDefault(key, "nothing");
      String is = now.getOrDefault(key, "nothing");
      if (!was.equals(is)) {
        differences.add(key + " is " + is + " and was " + was);
      }
    }
    refuse(place, differences);
  }

  /**
   * @throws JobException if the folder was begun with other images
   */
  void requireListing(PackedPlace place, PreparePlan now) {
    List<String> differences = new ArrayList<>();
    if (!classNames.equals(now.classNames)) {
      differences.add("the classes are " + now.classNames + " and were " + classNames);
    }
    if (!sets.equals(now.sets)) {
      differences.add("the images are " + described(now.sets) + " and were " + described(sets));
    }
    refuse(place, differences);
  }

  private static List<String> described(List<PlannedSet> sets) {
    return sets.stream()
        .map(set -> set.images() + " of " + set.name() + " (" + set.listing() + ")")
        .toList();
  }

  private static void refuse(PackedPlace place, List<String> differences) {
    if (!differences.isEmpty()) {
      throw new JobException(
          place.where()
              + ": this folder is of another job or other images: "
              + String.join("; ", differences)
              + ". Give this one a folder of its own, or remove the old one.");
    }
  }
}
