package dev.tessera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line in a JVM of its own. */
class StartTest {
  private static final long LIMIT_SECONDS = 60;

  private record Result(int exitCode, String output) {}

  private static Result java(List<Class<?>> libraries, String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", classPath(libraries)));
    command.add("dev.tessera.cli.Main");
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), output);
  }

  private static String classPath(List<Class<?>> libraries) {
    List<String> places = new ArrayList<>(List.of("target/classes"));
    for (Class<?> library : libraries) {
      CodeSource source = library.getProtectionDomain().getCodeSource();
      places.add(new File(source.getLocation().getPath()).getPath());
    }
    return String.join(File.pathSeparator, places);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "--version",
        "train --help",
        "evaluate --help",
        "summary --help",
        "preview --help",
        "train --version"
      })
  void helpAndVersionNeedNeitherSparkNorTheParser(String line) throws Exception {
    Result result = java(List.of(CommandLine.class), line.split(" ", -1));
    assertThat(result.output()).contains("tessera");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void summaryNeedsNoSpark() throws Exception {
    Result result =
        java(
            List.of(CommandLine.class, com.typesafe.config.Config.class),
            "summary",
            "jobs/quickstart.conf");
    assertThat(result.output()).contains("Total parameters:");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void trainWithoutSparkSaysHowToStart() throws Exception {
    Result result =
        java(
            List.of(CommandLine.class, com.typesafe.config.Config.class),
            "train",
            "jobs/quickstart.conf");
    assertThat(result.output()).startsWith("tessera: Spark is not on the class path.");
    assertThat(result.exitCode()).isEqualTo(2);
  }
}
