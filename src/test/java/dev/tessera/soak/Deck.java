package dev.tessera.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kills in random order: every kind that a cluster knows comes before one comes again. */
final class Deck {
  private static final Set<Moment> HEARD =
      EnumSet.of(
          Moment.READING,
          Moment.ROUND_BEGINS,
          Moment.TASK_STARTS,
          Moment.FIT,
          Moment.REPLICA_BACK,
          Moment.ROUND_ENDS,
          Moment.EVALUATION);

  /** Rounds that may pass, so that kills come anywhere in an epoch and between checkpoints. */
  private static final int ROUNDS = 25;

  private static final int LATEST_MILLIS = 30;
  private static final long SIGINT_BIT = 1 << 1;

  private final Random random;
  private final boolean hasExecutors;
  private final boolean hasWorkers;
  private final List<Kind> left = new ArrayList<>();

  private record Kind(Victim victim, String signal, Moment moment) {}

  Deck(Random random, boolean hasExecutors, boolean hasWorkers) {
    this.random = random;
    this.hasExecutors = hasExecutors;
    this.hasWorkers = hasWorkers;
  }

  Kill next(int number) {
    if (left.isEmpty()) {
      left.addAll(kinds());
      Collections.shuffle(left, random);
    }
    Kind kind = left.remove(left.size() - 1);
    return new Kill(
        number,
        kind.victim,
        kind.signal,
        kind.moment,
        passes(kind.moment),
        kind.moment == Moment.FIT ? random.nextInt(LATEST_MILLIS) : 0);
  }

  private int passes(Moment moment) {
    if (!moment.isRecurring() || moment == Moment.EVALUATION || moment.isOfBest()) {
      return 0;
    }
    return random.nextInt(moment.isOfFiles() ? 3 : ROUNDS);
  }

  private List<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>();
    for (Moment moment : Moment.values()) {
      kinds.add(new Kind(Victim.DRIVER, "KILL", moment));
    }
    for (Moment moment : HEARD) {
      kinds.add(new Kind(Victim.DRIVER, "TERM", moment));
      if (hasExecutors) {
        kinds.add(new Kind(Victim.EXECUTOR, "KILL", moment));
        kinds.add(new Kind(Victim.EXECUTOR, "TERM", moment));
      }
    }
    if (hasExecutors) {
      kinds.addAll(ofExecutors());
    } else {
      // Launchers for other masters start the driver as a shell's child, which SIGINT does not
      // reach.
      if (!ignoresInterrupts()) {
        kinds.add(new Kind(Victim.DRIVER, "INT", Moment.FIT));
        kinds.add(new Kind(Victim.DRIVER, "INT", Moment.RECORDS));
      }
      kinds.add(new Kind(Victim.DRIVER, "TERM", Moment.RECORDS));
      kinds.add(new Kind(Victim.DRIVER, "TERM", Moment.TENSORS_HALF));
    }
    if (hasWorkers) {
      for (Moment moment : EnumSet.of(Moment.FIT, Moment.TASK_STARTS, Moment.ROUND_ENDS)) {
        kinds.add(new Kind(Victim.WORKER, "KILL", moment));
        kinds.add(new Kind(Victim.MASTER, "KILL", moment));
      }
    }
    return kinds;
  }

  private static List<Kind> ofExecutors() {
    List<Kind> kinds = new ArrayList<>();
    for (Moment moment :
        EnumSet.of(Moment.BROADCAST, Moment.AVERAGE, Moment.RECORDS, Moment.TENSORS_HALF)) {
      kinds.add(new Kind(Victim.EXECUTOR, "KILL", moment));
    }
    for (Moment moment : EnumSet.of(Moment.FIT, Moment.REPLICA_BACK, Moment.ROUND_ENDS)) {
      kinds.add(new Kind(Victim.EXECUTORS, "KILL", moment));
    }
    return kinds;
  }

  /** As everything does that a shell has started in the background, and all that it starts. */
  private static boolean ignoresInterrupts() {
    Pattern ignored = Pattern.compile("SigIgn:\\s+([0-9a-f]{16})");
    try {
      Matcher matcher = ignored.matcher(Files.readString(Path.of("/proc/self/status")));
      return matcher.find() && (Long.parseUnsignedLong(matcher.group(1), 16) & SIGINT_BIT) != 0;
    } catch (IOException e) {
      return false;
    }
  }
}
