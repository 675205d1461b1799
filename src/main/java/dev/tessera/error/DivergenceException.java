package dev.tessera.error;

/** Training has diverged: no worker has finite parameters and loss any more. Exit code 4. */
public final class DivergenceException extends TesseraException {
  private static final long serialVersionUID = 1L;

  public DivergenceException(String message) {
    super(message);
  }
}
