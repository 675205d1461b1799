package dev.tessera.error;

/** The command line, the job file or the input it names is wrong: exit code 2. */
public final class JobException extends TesseraException {
  private static final long serialVersionUID = 1L;

  public JobException(String message) {
    super(message);
  }

  public JobException(String message, Throwable cause) {
    super(message, cause);
  }
}
