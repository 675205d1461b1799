package dev.tessera.dataset;

import dev.tessera.image.ImageSettings;
import dev.tessera.network.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Picks the records of one shard out of files that are read once from start to end: their order is
 * not the shard's. Keeps records as the file has them, so that memory does not grow with the size
 * the job asks for.
 */
final class Records {
  private final List<ExampleRef> refs;
  private final Map<String, Integer> placeOfOrigin = new HashMap<>();
  private final byte[] @Nullable [] picked;

  Records(List<ExampleRef> refs) {
    this.refs = refs;
    picked = new byte[refs.size()][];
    for (int place = 0; place < refs.size(); place++) {
      placeOfOrigin.put(refs.get(place).origin(), place);
    }
  }

  static String origin(String file, long record) {
    return file + "#" + record;
  }

  boolean wants(String origin) {
    return placeOfOrigin.containsKey(origin);
  }

  /**
   * Takes the pixels of a wanted record over. @throws IllegalArgumentException if it is not wanted
   */
  void put(String origin, byte[] pixels) {
    Integer place = placeOfOrigin.get(origin);
    if (place == null) {
      throw new IllegalArgumentException("The shard has no record " + origin);
    }
    picked[place] = pixels;
  }

  /**
   * A reader of what was picked.
   *
   * @param from shape of every record offered
   * @param to what the job wants
   */
  ExampleReader reader(Shape.Image from, ImageSettings to) {
    return new RecordReader(refs, picked, from, to);
  }
}
