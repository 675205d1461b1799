package dev.tessera;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs {@code scripts/tessera} as a user does, in a process of its own. */
final class Launcher {
  private static final long LIMIT_MINUTES = 4;

  private Launcher() {}

  /** What a run of the launcher gave. */
  record Result(int exitCode, String out, String err) {
    /** Standard output and standard error. */
    String output() {
      return out + err;
    }
  }

  static Result run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return run("scripts/tessera", environment, arguments);
  }

  static Result run(String script, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(script));
    command.addAll(List.of(arguments));
    File output = Files.createTempFile("tessera-launcher", ".out").toFile();
    File errors = Files.createTempFile("tessera-launcher", ".err").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of("").toAbsolutePath().toFile())
            .redirectOutput(output)
            .redirectError(errors);
    builder.environment().remove("SPARK_HOME");
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        throw new IllegalStateException(
            command
                + " runs for more than "
                + LIMIT_MINUTES
                + " minutes:\n"
                + Files.readString(output.toPath())
                + Files.readString(errors.toPath()));
      }
      return new Result(
          process.exitValue(),
          Files.readString(output.toPath()),
          Files.readString(errors.toPath()));
    } finally {
      process.destroyForcibly();
      Files.delete(output.toPath());
      Files.delete(errors.toPath());
    }
  }
}
