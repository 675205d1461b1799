package dev.tessera.dataset;

/**
 * A set to evaluate a model on, without the training set it was held out of.
 *
 * @param name {@code test} or {@code validation}
 */
public record HeldOutSet(String name, Shards shards) implements AutoCloseable {
  @Override
  public void close() {
    shards.close();
  }
}
