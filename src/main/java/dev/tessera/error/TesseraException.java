package dev.tessera.error;

/**
 * A failure that a user can do something about. The message says where, what with the value, why,
 * and what to do; it is shown without a stack trace.
 */
public abstract sealed class TesseraException extends RuntimeException
    permits JobException, DataException, DivergenceException, StorageException {
  private static final long serialVersionUID = 1L;

  TesseraException(String message) {
    super(message);
  }

  TesseraException(String message, Throwable cause) {
    super(message, cause);
  }
}
