package dev.tessera.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code include "other.conf"}, from the folder of the file that includes. HOCON passes over a
 * missing file without a word; here it is a problem, because a slip in the name would silently
 * train with other settings.
 */
final class Includes implements ConfigIncluder {
  private static final List<String> ENDINGS = List.of("", ".conf", ".json", ".properties");

  private final Problems problems;
  private final Deque<String> open;
  private final @Nullable ConfigIncluder library;

  /**
   * @param job the file that includes first
   */
  Includes(String job, Problems problems) {
    this(problems, new ArrayDeque<>(List.of(job)), null);
  }

  private Includes(Problems problems, Deque<String> open, @Nullable ConfigIncluder library) {
    this.problems = problems;
    this.open = open;
    this.library = library;
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return library == null ? new Includes(problems, open, fallback) : this;
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    String file = find(context, what);
    if (file == null) {
      return fromWorkingFolder(context, what);
    }
    if (open.stream().anyMatch(outer -> same(outer, file))) {
      reportCycle(what);
      return ConfigFactory.empty().root();
    }
    open.push(file);
    try {
      return library == null ? ConfigFactory.empty().root() : library.include(context, what);
    } finally {
      open.pop();
    }
  }

  private static @Nullable String find(ConfigIncludeContext context, String what) {
    for (String ending : ENDINGS) {
      ConfigParseable candidate = context.relativeTo(what + ending);
      if (candidate != null && candidate.origin().filename() != null) {
        return candidate.origin().filename();
      }
    }
    return null;
  }

  /** A text without a file, as in a notebook, includes from the working folder. */
  private ConfigObject fromWorkingFolder(ConfigIncludeContext context, String what) {
    Path path = Path.of(what);
    if (Files.isRegularFile(path)) {
      Config config =
          ConfigFactory.parseFile(path.toFile(), context.parseOptions().setOriginDescription(null));
      return config.root();
    }
    report(what);
    return ConfigFactory.empty().root();
  }

  private static boolean same(String a, String b) {
    return Path.of(a).toAbsolutePath().normalize().equals(Path.of(b).toAbsolutePath().normalize());
  }

  private void report(String what) {
    report(
        what,
        "there is no such file",
        "Files are looked for from the folder of the file that includes them. Correct the name, or"
            + " remove the line.");
  }

  private void reportCycle(String what) {
    report(
        what,
        "this file is being read already, so it would include itself without end",
        "Remove the line, or move what both files need into a third one.");
  }

  private void report(String what, String problem, String advice) {
    String file = open.getFirst();
    Place place = new Place(file, line(file, what));
    problems.add(place, place + ": include \"" + what + "\"", problem, advice);
  }

  /** The parser does not tell where an include stands. */
  private static int line(String file, String what) {
    try {
      List<String> lines = Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).strip().startsWith("include") && lines.get(i).contains(what)) {
          return i + 1;
        }
      }
      return 0;
    } catch (IOException | java.nio.file.InvalidPathException e) {
      // Only the line is lost; the file and the name are in the message.
      return 0;
    }
  }
}
