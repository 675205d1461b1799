package dev.tessera.cli;

import org.jspecify.annotations.Nullable;

/**
 * Why a command failed.
 *
 * @param message for the user, of one or more lines
 * @param defect what is shown with its stack, where nobody expected it
 */
record Failure(Kind kind, ExitCode code, String message, @Nullable Throwable defect) {
  enum Kind {
    FAILED,
    /** By a signal; the JVM's exit code is that of the signal. */
    STOPPED
  }

  static Failure of(ExitCode code, String message) {
    return new Failure(Kind.FAILED, code, message, null);
  }

  /**
   * A JVM that is ending has another one: a signal's, or Spark's after an error in a local task.
   */
  JsonLine putExitCode(JsonLine line) {
    boolean ours = kind == Kind.FAILED && !Failures.ending();
    return ours ? line.put("exitCode", code.number()) : line;
  }
}
