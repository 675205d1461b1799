package dev.tessera.engine;

import java.io.Serializable;

/**
 * The memory one replica takes, in bytes.
 *
 * @param parameterBytes parameters, gradients and updater state
 * @param activationBytes activations and their gradients for a full minibatch
 * @param workspaceBytes everything else: scratch space, reordered weights
 */
public record MemoryPlan(long parameterBytes, long activationBytes, long workspaceBytes)
    implements Serializable {
  public long totalBytes() {
    return parameterBytes + activationBytes + workspaceBytes;
  }
}
