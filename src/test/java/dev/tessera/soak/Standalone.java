package dev.tessera.soak;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A standalone master and two workers of one core, in JVMs of their own and of the Spark that
 * {@code scripts/tessera} has assembled. The master keeps on disk what it knows, and goes on with
 * it when it is started again. The workers have addresses of their own: to Spark they are two
 * machines, and only then it runs a task a second time.
 */
public final class Standalone implements Cluster {
  private static final Path HOME = Path.of(".spark/3.5.9").toAbsolutePath();
  private static final long LIMIT_SECONDS = 60;
  private static final String MASTER = "127.0.0.1";
  private static final List<String> WORKERS = List.of("127.0.0.1", "127.0.0.2");

  private final Path folder;
  private final int port;
  private Process masterProcess;
  private final List<Process> workers = new ArrayList<>();

  private Standalone(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.port = freePort();
    masterProcess = startMaster();
    awaitMaster();
    for (int worker = 0; worker < WORKERS.size(); worker++) {
      workers.add(startWorker(worker));
    }
  }

  /**
   * Starts one.
   *
   * @param folder for its files
   */
  public static Standalone start(Path folder) {
    try {
      return new Standalone(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A driver that comes too early tries again after twenty seconds. */
  private void awaitMaster() throws IOException {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!isListening()) {
      if (!masterProcess.isAlive() || System.nanoTime() > limit) {
        throw new IOException("No master at " + master() + ": see " + folder);
      }
      pause();
    }
  }

  private boolean isListening() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (ConnectException e) {
      return false;
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a master starts", e);
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
        MASTER,
        List.of(
            "-Dspark.deploy.recoveryMode=FILESYSTEM",
            "-Dspark.deploy.recoveryDirectory=" + folder.resolve("recovery")),
        List.of(
            "org.apache.spark.deploy.master.Master",
            "--host",
            MASTER,
            "--port",
            String.valueOf(port),
            "--webui-port",
            "0"));
  }

  private Process startWorker(int number) throws IOException {
    return daemon(
        "worker-" + number + ".log",
        WORKERS.get(number),
        List.of(),
        List.of(
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            WORKERS.get(number),
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

  private Process daemon(String log, String address, List<String> options, List<String> arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx256m"));
    command.addAll(options);
    command.addAll(List.of("-cp", HOME.resolve("jars") + File.separator + "*"));
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
                HOME.toString(),
                "SPARK_SCALA_VERSION",
                "2.12",
                "SPARK_LOCAL_IP",
                address));
    return builder.start();
  }

  @Override
  public String title() {
    return "standalone";
  }

  @Override
  public String master() {
    return "spark://" + MASTER + ":" + port;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of(
        "spark.cores.max", String.valueOf(WORKERS.size()), KillingListener.MASTER, "" + port);
  }

  @Override
  public void revive() throws IOException {
    if (!masterProcess.isAlive()) {
      masterProcess = startMaster();
    }
    for (int worker = 0; worker < WORKERS.size(); worker++) {
      if (!workers.get(worker).isAlive()) {
        workers.set(worker, startWorker(worker));
      }
    }
  }

  /** Executors of all applications, in the order of the workers. */
  public List<ProcessHandle> executors() {
    return workers.stream().flatMap(Process::children).toList();
  }

  /** Workers first, with their executors. */
  @Override
  public void close() {
    List<ProcessHandle> executors = executors();
    workers.forEach(Process::destroyForcibly);
    executors.forEach(ProcessHandle::destroyForcibly);
    masterProcess.destroyForcibly();
  }
}
