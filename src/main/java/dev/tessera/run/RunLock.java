package dev.tessera.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.error.JobException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code run.lock}: says that a run works in the folder, and which. Its owner writes it anew every
 * few seconds, so that a lock whose owner has died is told from one that lives: on the same machine
 * by its process, from another by a lock that does not change any more.
 */
public final class RunLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);
  private static final String FILE = "run.lock";
  private static final int SCHEMA = 1;
  private static final Duration BEAT = Duration.ofSeconds(5);

  /** As long as a lock of another machine may stand still. */
  private static final Duration DEAD = Duration.ofSeconds(30);

  /** How often a lock has to be missing, a second apart, to be none. */
  private static final int LOOKS = 3;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunFolder folder;
  private final String owner = UUID.randomUUID().toString();
  private final ScheduledExecutorService heart;
  private long beat;
  private @Nullable ScheduledFuture<?> beats;

  private RunLock(RunFolder folder) {
    this.folder = folder;
    this.heart =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "tessera-run-lock");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Takes the folder, from a dead owner too.
   *
   * @throws JobException if another run works in it
   */
  public static RunLock take(RunFolder folder) {
    RunLock lock = new RunLock(folder);
    try {
      lock.take();
      lock.beats =
          lock.heart.scheduleAtFixedRate(
              lock::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
      return lock;
    } catch (RuntimeException e) {
      lock.heart.shutdownNow();
      throw e;
    }
  }

  private void take() {
    if (folder.createNew(FILE, this::write)) {
      requireOwn();
      return;
    }
    JsonNode other = read();
    for (int look = 0; other == null && look < LOOKS; look++) {
      // Its owner may be about to write it.
      pause();
      other = read();
    }
    if (other != null && lives(other)) {
      throw new JobException(
          "run.dir = "
              + folder.path()
              + ": another run works in this folder, process "
              + other.path("pid").asText()
              + " on "
              + other.path("host").asText()
              + ". Wait for its end, or give this one a folder of its own with --run-dir DIR.");
    }
    LOG.info("The run that worked in {} has died: its lock is taken over", folder.path());
    folder.write(FILE, this::write);
    requireOwn();
  }

  /** Looks at the lock. @throws JobException if another run has taken the folder */
  public void requireOwn() {
    JsonNode now = read();
    if (now != null && !isOwn(now)) {
      throw new JobException(
          "run.dir = "
              + folder.path()
              + ": another run has taken this folder, process "
              + now.path("pid").asText()
              + " on "
              + now.path("host").asText()
              + ". What this one wrote before is whole. Give one of the two a folder of its own with"
              + " --run-dir DIR.");
    }
  }

  private boolean lives(JsonNode other) {
    if (host().equals(other.path("host").asText())
        && pidSpace().equals(other.path("pidSpace").asText(pidSpace()))) {
      return ProcessHandle.of(other.path("pid").asLong())
          .filter(process -> started(process) == other.path("started").asLong())
          .isPresent();
    }
    LOG.info(
        "Looking for up to {} s whether the run on {} that has locked {} still works",
        DEAD.toSeconds(),
        other.path("host").asText(),
        folder.path());
    long until = System.nanoTime() + DEAD.toNanos();
    int missing = 0;
    while (System.nanoTime() < until && missing < LOOKS) {
      pause();
      JsonNode now = read();
      // For a moment there is none where a store replaces a file in two steps.
      missing = now == null ? missing + 1 : 0;
      if (now != null && !now.equals(other)) {
        return true;
      }
    }
    return false;
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while looking at a lock", e);
    }
  }

  private boolean isOwn(JsonNode lock) {
    return lock.path("owner").asText().equals(owner);
  }

  /** Null if there is none, or none that can be read. */
  private @Nullable JsonNode read() {
    try (InputStream in = folder.openRaw(FILE)) {
      JsonNode json = JSON.readTree(in);
      return json instanceof ObjectNode ? json : null;
    } catch (FileNotFoundException e) {
      return null;
    } catch (IOException e) {
      // Cut short by the death of its owner.
      return null;
    }
  }

  private void write(OutputStream out) throws IOException {
    ProcessHandle own = ProcessHandle.current();
    ObjectNode json =
        JSON.createObjectNode()
            .put("schema", SCHEMA)
            .put("owner", owner)
            .put("host", host())
            .put("pidSpace", pidSpace())
            .put("pid", own.pid())
            .put("started", started(own))
            .put("beat", beat++);
    out.write((json + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void beat() {
    try {
      JsonNode now = read();
      if (now != null && !isOwn(now)) {
        // To fight for the file would leave neither safe; the next checkpoint ends this run.
        return;
      }
      folder.write(FILE, this::write);
    } catch (RuntimeException e) {
      // What the run writes next meets the same failure, and ends it.
      LOG.warn("{} can't be renewed: {}", folder.file(FILE), e.getMessage());
    }
  }

  /** Milliseconds; 0 where the system does not tell. */
  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** Containers may share a host's name, and not its processes. Empty where there is no /proc. */
  private static String pidSpace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown host";
    }
  }

  /** The folder that is locked. */
  public RunFolder folder() {
    return folder;
  }

  /** Gives the folder back, and removes it where the run has left nothing. May be called twice. */
  @Override
  public void close() {
    if (heart.isShutdown()) {
      return;
    }
    if (beats != null) {
      beats.cancel(false);
    }
    heart.shutdown();
    try {
      if (!heart.awaitTermination(DEAD.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("{} is still being renewed", folder.file(FILE));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    JsonNode now = read();
    if (now != null && isOwn(now)) {
      folder.delete(FILE);
    }
    folder.removeUnused();
  }
}
