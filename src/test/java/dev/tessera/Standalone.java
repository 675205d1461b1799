package dev.tessera;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A standalone master and two workers of one core, each on a loopback address of its own: to Spark
 * they are two machines, and only then it runs a task a second time. Of the Spark that {@code
 * scripts/tessera} has assembled.
 */
final class Standalone implements AutoCloseable {
  private static final long LIMIT_SECONDS = 60;
  private static final Path HOME = Path.of(".spark/3.5.9").toAbsolutePath();
  private static final Pattern URL = Pattern.compile("Starting Spark master at (spark://\\S+)");

  private final Path folder;
  private final List<Process> daemons = new ArrayList<>();
  private String url = "";

  private Standalone(Path folder) {
    this.folder = folder;
  }

  static Standalone start(Path folder) throws Exception {
    Files.createDirectories(folder);
    Standalone cluster = new Standalone(folder);
    try {
      Path log = cluster.daemon("master.Master", "127.0.0.1");
      cluster.url = await(log, URL).group(1);
      for (String address : List.of("127.0.0.1", "127.0.0.2")) {
        Path worker =
            cluster.daemon(
                "worker.Worker",
                address,
                "--cores",
                "1",
                "--memory",
                "4g",
                "--work-dir",
                folder.resolve("work-" + address).toString(),
                cluster.url);
        await(worker, Pattern.compile("Successfully registered with master"));
      }
      return cluster;
    } catch (Exception | Error e) {
      cluster.close();
      throw e;
    }
  }

  String url() {
    return url;
  }

  /** One of each worker that has one, in the order of the workers. */
  List<ProcessHandle> executors() {
    return daemons.stream()
        .flatMap(daemon -> BackgroundRun.executors(daemon.toHandle()).stream())
        .toList();
  }

  private Path daemon(String type, String address, String... options) throws IOException {
    Path log = folder.resolve(type + "-" + address + ".log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "-cp",
                HOME + "/jars/*",
                "org.apache.spark.deploy." + type,
                "--host",
                address,
                "--port",
                "0",
                "--webui-port",
                "0"));
    command.addAll(List.of(options));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("SPARK_HOME", HOME.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    builder.environment().put("SPARK_LOCAL_IP", address);
    daemons.add(builder.start());
    return log;
  }

  private static Matcher await(Path log, Pattern pattern) throws Exception {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (true) {
      String text = Files.readString(log);
      Matcher found = pattern.matcher(text);
      if (found.find()) {
        return found;
      }
      if (System.nanoTime() > limit) {
        throw new IllegalStateException(log + " has no line " + pattern + ":\n" + text);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Workers first: they end their executors. */
  @Override
  public void close() {
    for (int i = daemons.size() - 1; i >= 0; i--) {
      List<ProcessHandle> executors = daemons.get(i).descendants().toList();
      daemons.get(i).destroyForcibly();
      executors.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
