package dev.tessera.error;

/**
 * A file could not be written or read: no room, no permission, the file system is gone. Exit code
 * 5.
 */
public final class StorageException extends TesseraException {
  private static final long serialVersionUID = 1L;

  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }
}
