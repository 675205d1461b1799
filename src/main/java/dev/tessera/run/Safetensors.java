package dev.tessera.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Flat vectors of floats in the safetensors format: eight bytes with the length of the header,
 * little-endian; a header in JSON with type, shape and place of every tensor, padded with spaces to
 * a multiple of eight; then the floats, little-endian, one tensor right after the other.
 *
 * <p>Source of the format: github.com/huggingface/safetensors, README, "Format".
 */
final class Safetensors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String METADATA = "__metadata__";
  private static final String FLOAT = "F32";
  private static final int ALIGNMENT = 8;

  /** The format allows 100 MB; a header of ours has a few hundred bytes. */
  private static final long MAX_HEADER_BYTES = 1 << 20;

  private static final int CHUNK_FLOATS = 1 << 16;

  private Safetensors() {}

  /** Writes the vectors in their order. The caller closes the stream. */
  static void write(OutputStream out, Map<String, float[]> tensors) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    header.putObject(METADATA).put("format", "tessera");
    long offset = 0;
    for (Map.Entry<String, float[]> tensor : tensors.entrySet()) {
      long end = offset + (long) Float.BYTES * tensor.getValue().length;
      ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", FLOAT);
      entry.putArray("shape").add(tensor.getValue().length);
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    int padding = (ALIGNMENT - text.length % ALIGNMENT) % ALIGNMENT;
    out.write(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length + padding)
            .array());
    out.write(text);
    out.write(" ".repeat(padding).getBytes(StandardCharsets.UTF_8));
    for (float[] values : tensors.values()) {
      write(out, values);
    }
  }

  private static void write(OutputStream out, float[] values) throws IOException {
    byte[] bytes = new byte[Float.BYTES * Math.min(CHUNK_FLOATS, values.length)];
    FloatBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (int from = 0; from < values.length; from += CHUNK_FLOATS) {
      int count = Math.min(CHUNK_FLOATS, values.length - from);
      floats.clear();
      floats.put(values, from, count);
      out.write(bytes, 0, Float.BYTES * count);
    }
  }

  /**
   * Reads all tensors, in the order of their places.
   *
   * @throws IOException if the file is cut or is not of this format, or has other than floats
   */
  static Map<String, float[]> read(InputStream in) throws IOException {
    long length = ByteBuffer.wrap(bytes(in, Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > MAX_HEADER_BYTES) {
      throw new IOException("its header says that it has " + length + " bytes");
    }
    List<Place> places = places(JSON.readTree(bytes(in, (int) length)));
    Map<String, float[]> tensors = new LinkedHashMap<>();
    long offset = 0;
    for (Place place : places) {
      if (place.from != offset) {
        throw new IOException("its tensors do not lie one right after the other");
      }
      tensors.put(place.name, floats(in, place.count()));
      offset = place.to;
    }
    return tensors;
  }

  private record Place(String name, long from, long to) {
    int count() throws IOException {
      long count = (to - from) / Float.BYTES;
      if (count < 0 || count > Integer.MAX_VALUE - 16 || count * Float.BYTES != to - from) {
        throw new IOException("tensor " + name + " has " + (to - from) + " bytes");
      }
      return (int) count;
    }
  }

  private static List<Place> places(JsonNode header) throws IOException {
    List<Place> places = new ArrayList<>();
    for (Iterator<Map.Entry<String, JsonNode>> fields = header.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (field.getKey().equals(METADATA)) {
        continue;
      }
      JsonNode offsets = field.getValue().path("data_offsets");
      if (!FLOAT.equals(field.getValue().path("dtype").asText()) || offsets.size() != 2) {
        throw new IOException("tensor " + field.getKey() + " is not of floats");
      }
      places.add(new Place(field.getKey(), offsets.get(0).asLong(), offsets.get(1).asLong()));
    }
    places.sort(Comparator.comparingLong(Place::from).thenComparingLong(Place::to));
    return places;
  }

  private static float[] floats(InputStream in, int count) throws IOException {
    float[] values = new float[count];
    for (int from = 0; from < count; from += CHUNK_FLOATS) {
      int part = Math.min(CHUNK_FLOATS, count - from);
      ByteBuffer.wrap(bytes(in, Float.BYTES * part))
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(values, from, part);
    }
    return values;
  }

  private static byte[] bytes(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the file is cut short");
    }
    return bytes;
  }
}
