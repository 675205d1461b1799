package dev.tessera.soak;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Kills, one after another, when their moments come. Lives in the driver, which may be the victim,
 * and writes down what it does before it does it.
 */
final class Killer {
  /** Executors are killed while there are as many, so that a run gets on. */
  private static final int EXECUTORS = 2;

  private static Killer current = new Killer(List.of(), "", "");

  private final Deque<Kill> plan;
  private final String record;
  private final String masterPort;
  private final Set<String> executors = ConcurrentHashMap.newKeySet();
  private volatile String application = "";
  private volatile int round;
  private int passed;

  /**
   * @param record a file that it appends to; none if empty
   * @param masterPort of the standalone master
   */
  Killer(List<Kill> plan, String record, String masterPort) {
    this.plan = new ArrayDeque<>(plan);
    this.record = record;
    this.masterPort = masterPort;
    if (plan.stream().anyMatch(kill -> kill.moment().isOfStacks())) {
      startWatch();
    }
  }

  private void startWatch() {
    Thread watch = new Thread(this::watchStacks, "soak-stacks");
    watch.setDaemon(true);
    watch.start();
  }

  /** The one of this driver; one that kills nothing before there is one. */
  static Killer current() {
    return current;
  }

  static void become(Killer killer) {
    current = killer;
  }

  void application(String id) {
    application = id;
  }

  void executorAdded(String id) {
    executors.add(id);
  }

  void executorRemoved(String id) {
    executors.remove(id);
  }

  /** Rounds are told by the number of the one that began last. */
  void round(int number) {
    round = number;
  }

  void roundDone() {
    write("round " + round);
  }

  /**
   * Something has happened.
   *
   * @param executor that it has to do with, or empty
   */
  void at(Moment moment, String executor) {
    Kill due = due(moment);
    if (due == null) {
      return;
    }
    if (due.delayMillis() == 0) {
      kill(due, executor);
      return;
    }
    Thread late =
        new Thread(
            () -> {
              sleep(due.delayMillis());
              kill(due, executor);
            },
            "soak-late");
    late.setDaemon(true);
    late.start();
  }

  /** Something has been done with a file. */
  void at(Moment.Operation operation, String path) {
    Kill next = next();
    if (next != null && next.moment().is(operation, path)) {
      at(next.moment(), "");
    }
  }

  private synchronized Kill next() {
    Kill next = plan.peek();
    return next == null || isArmed(next.victim()) ? next : null;
  }

  private boolean isArmed(Victim victim) {
    return switch (victim) {
      case DRIVER, MASTER -> true;
      case EXECUTOR, EXECUTORS, WORKER -> executors.size() >= EXECUTORS;
    };
  }

  private synchronized Kill due(Moment moment) {
    Kill next = next();
    if (next == null || next.moment() != moment || passed++ < next.passes()) {
      return null;
    }
    passed = 0;
    return plan.poll();
  }

  private void watchStacks() {
    while (true) {
      Kill next = next();
      if (next == null || !next.moment().isOfStacks()) {
        sleep(1);
        continue;
      }
      for (StackTraceElement[] stack : Thread.getAllStackTraces().values()) {
        if (next.moment().isIn(stack)) {
          at(next.moment(), "");
          break;
        }
      }
    }
  }

  private void kill(Kill kill, String executor) {
    List<Long> victims =
        switch (kill.victim()) {
          case DRIVER -> List.of(ProcessHandle.current().pid());
          case EXECUTOR -> List.of(executor(executor).pid());
          case EXECUTORS -> executors(application).map(ProcessHandle::pid).toList();
          case WORKER -> List.of(executor(executor).parent().orElseThrow().pid());
          case MASTER -> List.of(master().pid());
        };
    write("kill " + kill.number() + " " + round);
    victims.forEach(victim -> signal(kill.signal(), victim));
    if (kill.endsTheDriver() && kill.signal().equals("KILL")) {
      // What comes after the moment must not happen.
      sleep(TimeUnit.MINUTES.toMillis(1));
    }
  }

  /** Processes of the executors of an application on this machine. */
  static Stream<ProcessHandle> executors(String application) {
    return ProcessHandle.allProcesses()
        .filter(process -> command(process).contains("CoarseGrainedExecutorBackend"))
        .filter(process -> command(process).contains("--app-id " + application + " "));
  }

  /** The process of an executor, or of any if the id is empty or it is gone. */
  private ProcessHandle executor(String id) {
    List<ProcessHandle> all = executors(application).toList();
    return all.stream()
        .filter(process -> command(process).contains("--executor-id " + id + " "))
        .findFirst()
        .orElseGet(() -> all.get(0));
  }

  private ProcessHandle master() {
    return ProcessHandle.allProcesses()
        .filter(process -> command(process).contains("deploy.master.Master"))
        .filter(process -> command(process).contains("--port " + masterPort + " "))
        .findFirst()
        .orElseThrow();
  }

  static String command(ProcessHandle process) {
    try {
      return Files.readString(
              Path.of("/proc", String.valueOf(process.pid()), "cmdline"),
              StandardCharsets.ISO_8859_1)
          .replace('\0', ' ');
    } catch (IOException e) {
      // It has ended.
      return "";
    }
  }

  private static void signal(String name, long process) {
    try {
      new ProcessBuilder("kill", "-" + name, String.valueOf(process)).start().waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("Cannot kill " + process, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void write(String line) {
    if (record.isEmpty()) {
      return;
    }
    try (Writer out =
        Files.newBufferedWriter(
            Path.of(record), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write(System.currentTimeMillis() + " " + line + "\n");
    } catch (IOException e) {
      throw new IllegalStateException("Cannot write " + record, e);
    }
  }

  private static void sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
