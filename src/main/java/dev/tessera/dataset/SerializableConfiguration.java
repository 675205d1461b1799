package dev.tessera.dataset;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Hadoop's configuration on its way to executors: Spark's own is not public in 3.5.
 *
 * <p>Travels as bytes that are read where it is asked for. It is part of the lineage of the cached
 * shards, which goes out with every round, and its thousand entries take milliseconds to read.
 */
final class SerializableConfiguration implements Serializable {
  private static final long serialVersionUID = 2L;

  private final byte[] bytes;
  private transient @Nullable Configuration configuration;

  SerializableConfiguration(Configuration configuration) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      configuration.write(new DataOutputStream(out));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write Hadoop's configuration", e);
    }
    this.bytes = out.toByteArray();
  }

  synchronized Configuration value() {
    @Nullable Configuration known = configuration;
    if (known != null) {
      return known;
    }
    Configuration read = new Configuration(false);
    try {
      read.readFields(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read Hadoop's configuration", e);
    }
    configuration = read;
    return read;
  }
}
