package dev.tessera.cli;

import dev.tessera.dataset.Location;
import dev.tessera.dataset.Preparation;
import dev.tessera.error.JobException;
import dev.tessera.job.Job;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;

/**
 * The number of classes without Spark: from the job, else from images of this machine, else a
 * guess.
 *
 * @param source where the number is from, for the user
 */
record ClassCount(int classes, String source) {
  private static final int GUESS = 10;
  private static final String MANIFEST = "manifest.json";
  private static final int IDX_LABELS_HEADER_BYTES = 8;

  static ClassCount of(Job job) {
    OptionalInt stated = job.classesOfModel();
    if (stated.isPresent()) {
      return new ClassCount(stated.getAsInt(), "as the last layer says");
    }
    OptionalInt named = job.classesOfDataset();
    if (named.isPresent()) {
      return new ClassCount(named.getAsInt(), "as dataset says");
    }
    OptionalInt found = found(job.dataset().train());
    if (found.isPresent() && found.getAsInt() > 0) {
      return new ClassCount(found.getAsInt(), "as dataset.train has");
    }
    return new ClassCount(
        GUESS,
        "a guess: the images of dataset.train are not on this machine; --classes N sets another number");
  }

  private static OptionalInt found(Location train) {
    try {
      if (train instanceof Location.Folder folder) {
        return folders(local(folder.path()));
      }
      return train instanceof Location.Idx idx ? labels(local(idx.labels())) : OptionalInt.empty();
    } catch (IOException | IllegalArgumentException | JobException e) {
      // Only a look: train and evaluate report what is wrong with the images.
      return OptionalInt.empty();
    }
  }

  /**
   * Paths of other file systems are not on this machine under any name, which is all that is asked.
   */
  private static Path local(String path) {
    return path.startsWith("file:") ? Path.of(path.replaceFirst("^file:/+", "/")) : Path.of(path);
  }

  private static OptionalInt folders(Path train) throws IOException {
    if (!Files.isDirectory(train)) {
      return OptionalInt.empty();
    }
    // Only then: a summary needs neither Spark nor Hadoop.
    if (Files.exists(train.resolve(MANIFEST)) || Files.exists(train.resolveSibling(MANIFEST))) {
      List<String> packed = Preparation.classNames(train.toString(), new Configuration());
      if (packed != null) {
        return OptionalInt.of(packed.size());
      }
    }
    try (Stream<Path> entries = Files.list(train)) {
      long count =
          entries
              .filter(Files::isDirectory)
              .map(entry -> String.valueOf(entry.getFileName()))
              .filter(name -> !name.startsWith(".") && !name.startsWith("_"))
              .count();
      return OptionalInt.of(Math.toIntExact(count));
    }
  }

  /** One more than the largest label. */
  private static OptionalInt labels(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return OptionalInt.empty();
    }
    try (InputStream stream = open(file)) {
      stream.skipNBytes(IDX_LABELS_HEADER_BYTES);
      int largest = -1;
      for (int label = stream.read(); label >= 0; label = stream.read()) {
        largest = Math.max(largest, label);
      }
      return OptionalInt.of(largest + 1);
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream plain = new BufferedInputStream(Files.newInputStream(file));
    return file.toString().endsWith(".gz")
        ? new BufferedInputStream(new GZIPInputStream(plain))
        : plain;
  }
}
