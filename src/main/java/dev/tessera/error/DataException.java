package dev.tessera.error;

/** Too many images can't be used: exit code 3. */
public final class DataException extends TesseraException {
  private static final long serialVersionUID = 1L;

  public DataException(String message) {
    super(message);
  }
}
