package dev.tessera.engine.nd4j;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A vector of floats in the format of {@code Nd4j.write}, without loading ND4J: shape information
 * (a buffer of longs), then the values, everything big-endian.
 */
final class Nd4jVector {
  private static final String MODE = "MIXED_DATA_TYPES";
  private static final long FLOAT_FLAG = 8192;
  private static final int CHUNK = 1 << 14;

  private Nd4jVector() {}

  static void write(float[] values, OutputStream target) throws IOException {
    DataOutputStream out = new DataOutputStream(target);
    // rank, length, stride, data type, elementwise stride, order
    long[] shape = {1, values.length, 1, FLOAT_FLAG, 1, 'c'};
    header(out, shape.length, "LONG");
    for (long number : shape) {
      out.writeLong(number);
    }
    header(out, values.length, "FLOAT");
    byte[] bytes = new byte[CHUNK * Float.BYTES];
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      ByteBuffer.wrap(bytes).asFloatBuffer().put(values, from, count);
      out.write(bytes, 0, count * Float.BYTES);
    }
    out.flush();
  }

  private static void header(DataOutputStream out, long length, String type) throws IOException {
    out.writeUTF(MODE);
    out.writeLong(length);
    out.writeUTF(type);
  }

  /**
   * Reads one vector, whatever its rank says.
   *
   * @throws IOException if it is not one of floats, or cut short
   */
  static float[] read(InputStream source) throws IOException {
    DataInputStream in = new DataInputStream(source);
    long rank = length(in, "LONG");
    in.skipNBytes(rank * Long.BYTES);
    long length = length(in, "FLOAT");
    // Grown while reading: a damaged length must not take all memory.
    float[] values = new float[0];
    byte[] bytes = new byte[CHUNK * Float.BYTES];
    for (int from = 0; from < length; from += CHUNK) {
      int count = (int) Math.min(CHUNK, length - from);
      in.readFully(bytes, 0, count * Float.BYTES);
      if (values.length < from + count) {
        values = Arrays.copyOf(values, (int) Math.min(length, 2L * from + CHUNK));
      }
      ByteBuffer.wrap(bytes).asFloatBuffer().get(values, from, count);
    }
    return values;
  }

  private static long length(DataInputStream in, String type) throws IOException {
    String mode = in.readUTF();
    long length = in.readLong();
    String found = in.readUTF();
    if (!mode.equals(MODE) || !found.equals(type) || length < 0 || length > Integer.MAX_VALUE) {
      throw new IOException(
          "it has an array of "
              + length
              + " "
              + found
              + " ("
              + mode
              + ") where one of "
              + type
              + " belongs");
    }
    return length;
  }
}
