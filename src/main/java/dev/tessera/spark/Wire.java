package dev.tessera.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * State and results as byte arrays, so that they travel alike under every serialiser that Spark can
 * be set to: Kryo can't make records, and asks for every class to be registered but this one.
 *
 * <p>An object as Java serialises it, but for its arrays of floats: these come before it, each
 * copied in one piece, and where one belongs the object has its place in that list. Java would take
 * ten times as long over every float.
 */
final class Wire {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private Wire() {}

  /** Stands for an array of floats. */
  private record Floats(int index) implements Serializable {}

  static byte[] bytes(Serializable value) {
    ByteArrayOutputStream object = new ByteArrayOutputStream();
    List<float[]> arrays = new ArrayList<>();
    try (ObjectOutputStream out = new FloatsApart(object, arrays)) {
      out.writeObject(value);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a " + value.getClass().getName(), e);
    }
    long size = Integer.BYTES + (long) object.size();
    for (float[] array : arrays) {
      size += Integer.BYTES + (long) Float.BYTES * array.length;
    }
    if (size > Integer.MAX_VALUE - 16) {
      throw new IllegalStateException(
          "Cannot send a "
              + value.getClass().getName()
              + " of "
              + size
              + " bytes: Java's arrays end at 2 GB");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) size).order(ORDER);
    bytes.putInt(arrays.size());
    for (float[] array : arrays) {
      bytes.putInt(array.length);
      bytes.asFloatBuffer().put(array);
      bytes.position(bytes.position() + Float.BYTES * array.length);
    }
    bytes.put(object.toByteArray());
    return bytes.array();
  }

  /**
   * What {@link #bytes} was given. Only ever reads what this program wrote on another of its JVMs.
   */
  static <T> T value(byte[] bytes, Class<T> type) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ORDER);
    float[][] arrays = new float[in.getInt()][];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = new float[in.getInt()];
      in.asFloatBuffer().get(arrays[i]);
      in.position(in.position() + Float.BYTES * arrays[i].length);
    }
    ByteArrayInputStream object =
        new ByteArrayInputStream(bytes, in.position(), bytes.length - in.position());
    try (ObjectInputStream input = new ApplicationInput(object, arrays)) {
      return type.cast(input.readObject());
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(
          "Cannot read a " + type.getName() + " of " + bytes.length + " bytes", e);
    }
  }

  private static final class FloatsApart extends ObjectOutputStream {
    private final List<float[]> arrays;

    FloatsApart(OutputStream out, List<float[]> arrays) throws IOException {
      super(out);
      this.arrays = arrays;
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object value) {
      if (value instanceof float[] array) {
        arrays.add(array);
        return new Floats(arrays.size() - 1);
      }
      return value;
    }
  }

  /**
   * Finds classes where the task's own come from: on an executor Spark loads the application's jar
   * by a class loader of its own.
   */
  private static final class ApplicationInput extends ObjectInputStream {
    private final float[][] arrays;

    ApplicationInput(ByteArrayInputStream bytes, float[][] arrays) throws IOException {
      super(bytes);
      this.arrays = arrays;
      enableResolveObject(true);
    }

    @Override
    protected Object resolveObject(Object value) {
      return value instanceof Floats floats ? arrays[floats.index()] : value;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      @Nullable ClassLoader own = Wire.class.getClassLoader();
      try {
        return Class.forName(description.getName(), false, own);
      } catch (ClassNotFoundException e) {
        return super.resolveClass(description);
      }
    }
  }
}
