package dev.tessera.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * A packed folder that is finished.
 *
 * @param dir where it is
 * @param before whether there was nothing left to do
 * @param images how many of every set, by its name
 * @param leftOut images of all sets that are in the quarantine
 * @param duplicates images whose content another has too
 */
public record Prepared(
    String dir, boolean before, Map<String, Long> images, long leftOut, long duplicates) {
  public Prepared {
    images = new LinkedHashMap<>(images);
  }

  static Prepared of(PackedPlace place, boolean before, Configuration configuration) {
    JsonNode json;
    try {
      json = new ObjectMapper().readTree(place.read(PackedPlace.MANIFEST, configuration));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw place.unreadable(place.file(PackedPlace.MANIFEST), new IOException(e));
    }
    Map<String, Long> images = new LinkedHashMap<>();
    long leftOut = 0;
    for (JsonNode set : json.path("sets")) {
      images.put(set.path("name").asText(), set.path("images").asLong());
      leftOut += set.path("leftOut").asLong();
    }
    return new Prepared(
        place.dir(), before, images, leftOut, json.path("duplicates").path("images").asLong());
  }
}
