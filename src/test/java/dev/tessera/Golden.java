package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whole texts kept in files. {@code mvn test -Dtessera.golden=write} rewrites them; the difference
 * is reviewed like code.
 */
public final class Golden {
  private Golden() {}

  /** Compares with {@code src/test/resources/golden/name}. */
  public static void check(String name, String actual) {
    checkFile(Path.of("src/test/resources/golden", name), actual);
  }

  /** Compares with a file of the repository. */
  public static void checkFile(Path file, String actual) {
    try {
      if ("write".equals(System.getProperty("tessera.golden"))) {
        Files.writeString(file, actual);
      }
      assertThat(actual).as(file.toString()).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
