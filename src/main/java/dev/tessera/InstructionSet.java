package dev.tessera;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The vector instructions of this machine: equal bits are promised between machines that have the
 * same.
 */
final class InstructionSet {
  /** Newest first; the first that the processor has names it. Flags as Linux writes them. */
  private static final List<String> KNOWN =
      List.of("amx_bf16", "avx512_bf16", "avx512f", "avx2", "avx", "sse4_2", "sve", "asimd");

  private InstructionSet() {}

  /** For example {@code avx512f}; {@code unknown} where the operating system does not say. */
  static String ofThisMachine() {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(file)) {
      return "unknown";
    }
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      Set<String> words =
          new HashSet<>(
              Arrays.asList(
                  text.lines()
                      .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                      .findFirst()
                      .orElse("")
                      .replaceFirst("[^:]*:", "")
                      .strip()
                      .split("\\s+")));
      return KNOWN.stream().filter(words::contains).findFirst().orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
