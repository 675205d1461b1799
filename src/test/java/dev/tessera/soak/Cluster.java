package dev.tessera.soak;

import java.io.IOException;
import java.util.Map;

/** Where a run is started; its owner closes it. */
public interface Cluster extends AutoCloseable {
  /** For the table. */
  String title();

  /** For {@code --master}. */
  String master();

  /** Settings of Spark that it needs. */
  Map<String, String> settings();

  /** Starts again what has been killed of it. To be called again and again. */
  void revive() throws IOException;

  @Override
  void close();

  /** A cluster within the driver's JVM, or started by it. */
  record OfDriver(String title, String master) implements Cluster {
    @Override
    public Map<String, String> settings() {
      return Map.of();
    }

    @Override
    public void revive() {}

    @Override
    public void close() {}
  }
}
