package dev.tessera.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * State and results as byte arrays, so that they travel alike under every serialiser that Spark can
 * be set to: Kryo can't make records, and asks for every class to be registered but this one.
 */
final class Wire {
  private Wire() {}

  static byte[] bytes(Serializable value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a " + value.getClass().getName(), e);
    }
    return bytes.toByteArray();
  }

  /**
   * What {@link #bytes} was given. Only ever reads what this program wrote on another of its JVMs.
   */
  static <T> T value(byte[] bytes, Class<T> type) {
    try (ObjectInputStream in = new ApplicationInput(bytes)) {
      return type.cast(in.readObject());
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(
          "Cannot read a " + type.getName() + " of " + bytes.length + " bytes", e);
    }
  }

  /**
   * Finds classes where the task's own come from: on an executor Spark loads the application's jar
   * by a class loader of its own.
   */
  private static final class ApplicationInput extends ObjectInputStream {
    ApplicationInput(byte[] bytes) throws IOException {
      super(new ByteArrayInputStream(bytes));
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
