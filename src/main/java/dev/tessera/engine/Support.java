package dev.tessera.engine;

/**
 * Whether an engine can run a network.
 *
 * @param reason empty if it can, else the layer and why not
 */
public record Support(String reason) {
  public static final Support YES = new Support("");

  public boolean supported() {
    return reason.isEmpty();
  }
}
