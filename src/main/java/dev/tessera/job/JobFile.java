package dev.tessera.job;

import dev.tessera.error.JobException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks that a job file is there, and names those that are if it is not. */
final class JobFile {
  private JobFile() {}

  /** The file's name without its ending, the default of {@code run.name}. */
  static String name(Path file) {
    Path last = file.getFileName();
    String name = last == null ? "job" : last.toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  static void check(Path file) {
    if (Files.isDirectory(file)) {
      throw new JobException(file + ": a folder where a job file belongs." + others(file));
    }
    if (!Files.exists(file)) {
      throw new JobException(file + ": there is no such job file." + others(folder(file)));
    }
    if (!Files.isReadable(file)) {
      throw new JobException(
          file
              + ": the job file can't be read. This user has no right to. Change its permissions.");
    }
  }

  private static Path folder(Path file) {
    Path parent = file.getParent();
    return parent == null ? Path.of("") : parent;
  }

  /** Job files of that folder, else of {@code jobs}. */
  private static String others(Path folder) {
    for (Path place : List.of(folder, Path.of("jobs"))) {
      List<String> files = jobFiles(place);
      if (!files.isEmpty()) {
        return "\n  There are " + String.join(", ", files) + ".";
      }
    }
    return "\n  Give the path of a file such as jobs/quickstart.conf.";
  }

  private static List<String> jobFiles(Path folder) {
    if (!Files.isDirectory(folder)) {
      return new ArrayList<>();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".conf") && Files.isRegularFile(file))
          .map(Path::toString)
          .sorted()
          .collect(Collectors.toList());
    } catch (IOException | UncheckedIOException e) {
      // The list is only a help; the missing file is the problem to report.
      return new ArrayList<>();
    }
  }
}
