package dev.tessera.soak;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A standalone master and two workers of one core, in JVMs of their own. The master keeps on disk
 * what it knows, and goes on with it when it is started again.
 */
final class Standalone implements Cluster {
  private static final int WORKERS = 2;

  private final Path folder;
  private final Path home;
  private final int port;
  private Process masterProcess;
  private final List<Process> workers = new ArrayList<>();

  private Standalone(Path folder, Path home) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.home = home;
    this.port = freePort();
    masterProcess = startMaster();
    for (int worker = 0; worker < WORKERS; worker++) {
      workers.add(startWorker(worker));
    }
  }

  /**
   * Starts one.
   *
   * @param folder for its files
   * @param home of Spark
   */
  static Standalone start(Path folder, Path home) {
    try {
      return new Standalone(folder, home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process startMaster() throws IOException {
    return daemon(
        "master.log",
        List.of(
            "-Dspark.deploy.recoveryMode=FILESYSTEM",
            "-Dspark.deploy.recoveryDirectory=" + folder.resolve("recovery")),
        List.of(
            "org.apache.spark.deploy.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            String.valueOf(port),
            "--webui-port",
            "0"));
  }

  private Process startWorker(int number) throws IOException {
    return daemon(
        "worker-" + number + ".log",
        List.of(),
        List.of(
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--webui-port",
            "0",
            "--cores",
            "1",
            "--memory",
            "4g",
            "--work-dir",
            folder.resolve("worker-" + number).toString(),
            master()));
  }

  private Process daemon(String log, List<String> options, List<String> arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx256m"));
    command.addAll(options);
    command.addAll(List.of("-cp", home.resolve("jars") + File.separator + "*"));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()));
    builder
        .environment()
        .putAll(
            Map.of(
                "SPARK_HOME",
                home.toString(),
                "SPARK_SCALA_VERSION",
                "2.12",
                "SPARK_LOCAL_IP",
                "127.0.0.1"));
    return builder.start();
  }

  @Override
  public String title() {
    return "standalone";
  }

  @Override
  public String master() {
    return "spark://127.0.0.1:" + port;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("spark.cores.max", String.valueOf(WORKERS), KillingListener.MASTER, "" + port);
  }

  @Override
  public void revive() throws IOException {
    if (!masterProcess.isAlive()) {
      masterProcess = startMaster();
    }
    for (int worker = 0; worker < WORKERS; worker++) {
      if (!workers.get(worker).isAlive()) {
        workers.set(worker, startWorker(worker));
      }
    }
  }

  @Override
  public void close() {
    workers.forEach(Process::destroy);
    masterProcess.destroy();
  }
}
