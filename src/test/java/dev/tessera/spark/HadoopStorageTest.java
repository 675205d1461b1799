package dev.tessera.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.error.JobException;
import dev.tessera.run.RunFolder;
import dev.tessera.run.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HadoopStorageTest {
  @TempDir Path folder;

  /** A connector that knows the older of Hadoop's two interfaces alone. */
  static final class OldConnector extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("old:///");
    }

    @Override
    public String getScheme() {
      return "old";
    }
  }

  /** {@code old} has no entry {@code fs.AbstractFileSystem}; {@code viewfs} goes the newer way. */
  private Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.setClass("fs.old.impl", OldConnector.class, OldConnector.class);
    configuration.set("fs.viewfs.mounttable.toy.link./runs", folder.toUri().toString());
    return configuration;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "file:", "old:", "viewfs://toy/runs"})
  void keepsFilesOnAnyFileSystem(String prefix) throws IOException {
    String root = prefix.startsWith("viewfs") ? prefix : prefix + folder;
    Storage storage = HadoopStorage.of(root, configuration());
    String file = root + "/a/b.txt";
    write(storage, file + ".tmp", "one");
    storage.replace(file + ".tmp", file);
    write(storage, file + ".tmp", "two");
    storage.replace(file + ".tmp", file);

    assertThat(read(storage, file)).isEqualTo("two");
    assertThat(Files.readString(folder.resolve("a/b.txt"))).isEqualTo("two");
    assertThat(storage.exists(file)).isTrue();
    assertThat(storage.exists(file + ".tmp")).isFalse();
    storage.delete(file);
    storage.delete(file);
    assertThat(storage.exists(file)).isFalse();
    assertThatThrownBy(() -> read(storage, file)).isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void holdsARunFolder() {
    String root = "old:" + folder;
    RunFolder run = RunFolder.at(HadoopStorage.of(root, configuration()), root);
    run.writeText(RunFolder.JOB, "job");
    run.writeText(RunFolder.BAD_IMAGES, "bad");
    assertThat(folder.resolve("job.conf")).hasContent("job");
    assertThat(folder.resolve("quarantine/bad-images.parquet")).hasContent("bad");
    assertThatThrownBy(
            () -> RunFolder.at(HadoopStorage.of(root, configuration()), root).requireFree())
        .isInstanceOf(JobException.class)
        .hasMessageContaining("already holds a run");
  }

  @Test
  void namesASchemeThatNothingKnows() {
    assertThatThrownBy(() -> HadoopStorage.of("nowhere://x/run", configuration()))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("Cannot use the path nowhere://x/run")
        .hasMessageContaining("a scheme needs its Hadoop connector on Spark's class path");
  }

  private static void write(Storage storage, String file, String text) throws IOException {
    try (OutputStream out = storage.create(file)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String read(Storage storage, String file) throws IOException {
    try (InputStream in = storage.open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
