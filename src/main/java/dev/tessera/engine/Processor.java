package dev.tessera.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The processor of a machine, as far as its operating system tells.
 *
 * @param name of the model; the architecture where the system does not say
 * @param instructionSet the newest vector instructions that it has, as Linux writes them, for
 *     example {@code avx512f}; {@code unknown} where the system does not say
 */
public record Processor(String name, String instructionSet) {
  private static final Path LINUX = Path.of("/proc/cpuinfo");

  /** Newest first; the first that the processor has names it. */
  private static final List<String> KNOWN =
      List.of("amx_bf16", "avx512_bf16", "avx512f", "avx2", "avx", "sse4_2", "sve", "asimd");

  /** That of this machine. */
  public static Processor ofThisMachine() {
    try {
      return of(Files.isReadable(LINUX) ? Files.readString(LINUX, StandardCharsets.UTF_8) : "");
    } catch (IOException e) {
      return of("");
    }
  }

  /**
   * @param description as in {@code /proc/cpuinfo}
   */
  static Processor of(String description) {
    String name = value(description, "model name");
    String flags = value(description, "flags") + " " + value(description, "Features");
    Set<String> words = new HashSet<>(Arrays.asList(flags.strip().split("\\s+")));
    return new Processor(
        name.isEmpty() ? System.getProperty("os.arch", "unknown processor") : name,
        KNOWN.stream().filter(words::contains).findFirst().orElse("unknown"));
  }

  /** What stands behind the first line's colon that begins with the key, or nothing. */
  private static String value(String description, String key) {
    return description
        .lines()
        .filter(line -> line.startsWith(key))
        .findFirst()
        .map(line -> line.replaceFirst("[^:]*:", "").strip())
        .orElse("");
  }
}
