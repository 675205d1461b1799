package dev.tessera.engine.nd4j;

import java.io.IOException;

/**
 * What is wrong with the bytes of a model file, as the end of a sentence that begins with its name.
 */
final class MalformedModelException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String problem;

  MalformedModelException(String problem) {
    super(problem);
    this.problem = problem;
  }

  String problem() {
    return problem;
  }
}
