package dev.tessera.cli;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM that runs one command line after the other, each as {@link Main} does: on a Spark session
 * of its own, with two slots. What Spark and its tasks log is part of {@link CommandRun#err}.
 */
final class CommandJvm implements AutoCloseable {
  private static final long LIMIT_SECONDS = 30;

  private final Process process;
  private final Writer lines;
  private final BufferedReader answers;

  CommandJvm() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-opens") || option.startsWith("-Djdk."))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:TieredStopAtLevel=1",
            "-Dlog4j2.configurationFile=" + Path.of("conf/log4j2.properties").toUri(),
            "-Dspark.master=local[2]",
            "-Dspark.ui.enabled=false",
            "-cp",
            System.getProperty("java.class.path"),
            Commands.class.getName()));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    lines = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Runs one command line to its end. */
  CommandRun run(String... arguments) throws IOException {
    lines.write(String.join(" ", List.of(arguments).stream().map(CommandJvm::encoded).toList()));
    lines.write("\n");
    lines.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("The JVM ended in " + List.of(arguments));
    }
    String[] parts = answer.split(" ", -1);
    return new CommandRun(Integer.parseInt(parts[0]), decoded(parts[1]), decoded(parts[2]));
  }

  @Override
  public void close() throws IOException {
    lines.close();
    try {
      process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String text) {
    return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
  }

  /** The other side: a line of arguments in, a line of exit code, output and errors back. */
  static final class Commands {
    private Commands() {}

    public static void main(String[] none) throws IOException {
      PrintStream answers = System.out;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      // Before Log4j starts, which keeps the stream that it finds.
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        out.reset();
        err.reset();
        int exitCode = execute(line);
        answers.println(
            exitCode
                + " "
                + encoded(out.toString(StandardCharsets.UTF_8))
                + " "
                + encoded(err.toString(StandardCharsets.UTF_8)));
      }
    }

    private static int execute(String line) {
      String[] arguments =
          line.isEmpty()
              ? new String[0]
              : List.of(line.split(" ", -1)).stream()
                  .map(CommandJvm::decoded)
                  .toArray(String[]::new);
      Messages messages =
          Messages.of(
              arguments,
              new PrintWriter(System.out, true, StandardCharsets.UTF_8),
              new PrintWriter(System.err, true, StandardCharsets.UTF_8));
      return Main.run(arguments, () -> new SparkRuns(messages), messages);
    }
  }
}
