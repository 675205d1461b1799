package dev.tessera.engine;

/**
 * Whether an engine can run a workload.
 *
 * @param reason empty if it can, else the layer or setting and why not
 */
public record Support(String reason) {
  public static final Support YES = new Support("");

  public boolean supported() {
    return reason.isEmpty();
  }
}
