package dev.tessera.cli;

import dev.tessera.error.DataException;
import dev.tessera.error.DivergenceException;
import dev.tessera.error.JobException;
import dev.tessera.error.StorageException;
import dev.tessera.error.TesseraException;
import java.util.Map;
import java.util.Objects;

/**
 * What the process tells the shell. After a signal the JVM itself gives 128 and the signal's
 * number: 130 for Ctrl-C, 143 for SIGTERM.
 */
enum ExitCode {
  DONE(0),
  /** A defect of ours. */
  DEFECT(1),
  /** The command line, the job file or the input it names is wrong. */
  BAD_INPUT(2),
  /** Too many images can't be used. */
  BAD_IMAGES(3),
  /** Training has diverged. */
  DIVERGED(4),
  /** A file could not be read or written. */
  STORAGE(5);

  private static final Map<Class<? extends TesseraException>, ExitCode> BY_KIND =
      Map.of(
          JobException.class, BAD_INPUT,
          DataException.class, BAD_IMAGES,
          DivergenceException.class, DIVERGED,
          StorageException.class, STORAGE);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  static ExitCode of(TesseraException e) {
    return Objects.requireNonNull(BY_KIND.get(e.getClass()), "No exit code for " + e.getClass());
  }
}
