package dev.tessera.dataset;

/**
 * Something that nobody expects was thrown in a task, as often as Spark tries one. The message says
 * which task, where, and what; the cause is Spark's own exception, whose stack is long and tells
 * little.
 */
public final class TaskFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TaskFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
