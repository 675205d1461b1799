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

  /** After a signal only the JVM knows which. */
  JsonLine putExitCode(JsonLine line) {
    return kind == Kind.FAILED ? line.put("exitCode", code.number()) : line;
  }
}
