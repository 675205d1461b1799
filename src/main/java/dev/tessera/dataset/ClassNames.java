package dev.tessera.dataset;

import dev.tessera.error.JobException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Names of classes 0, 1, ... as a job gives them: in the job itself, in a file, or not at all.
 *
 * @param given empty: not in the job
 * @param file a Hadoop path of a text with one name a line, or null
 */
public record ClassNames(List<String> given, @Nullable String file) implements Serializable {
  /** The data name their classes themselves. */
  public static final ClassNames NONE = new ClassNames(List.of(), null);

  private static final String FILE_KEY = "dataset.classNamesFile";

  public ClassNames {
    given = List.copyOf(given);
    if (!given.isEmpty() && file != null) {
      throw new IllegalArgumentException("Class names are given twice, by a list and by " + file);
    }
  }

  public static ClassNames of(List<String> given) {
    return new ClassNames(given, null);
  }

  ClassNames withFile(@Nullable String otherFile) {
    return new ClassNames(given, otherFile);
  }

  /**
   * The names; those of a file are read, which the driver does once a set.
   *
   * @return empty if the job gives none
   * @throws JobException if the file is missing, has no names, or one twice
   */
  List<String> read(Configuration configuration) {
    return file == null ? given : read(new DataFile(FILE_KEY, file), configuration);
  }

  private static List<String> read(DataFile file, Configuration configuration) {
    List<String> names = new ArrayList<>();
    Set<String> known = new HashSet<>();
    try (DataFileInput in = file.open(configuration);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in.stream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        String name = (names.isEmpty() ? withoutByteOrderMark(line) : line).strip();
        if (!name.isEmpty() && !known.add(name)) {
          throw new JobException(
              file.where() + ": \"" + name + "\" stands in it twice. Give every class one line.");
        }
        if (!name.isEmpty()) {
          names.add(name);
        }
      }
    } catch (IOException e) {
      throw file.unreadable(e);
    }
    if (names.isEmpty()) {
      throw new JobException(
          file.where() + ": no names. Write one a line, in the order of the labels.");
    }
    return List.copyOf(names);
  }

  /** What some editors put before the first character of a text. */
  static String withoutByteOrderMark(String text) {
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }
}
