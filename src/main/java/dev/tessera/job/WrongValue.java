package dev.tessera.job;

import java.util.Objects;

/** A value is not what its key takes. The message says what is wrong, without full stop. */
final class WrongValue extends Exception {
  private static final long serialVersionUID = 1L;

  WrongValue(String what) {
    super(what);
  }

  String what() {
    return Objects.requireNonNull(getMessage());
  }
}
