package dev.tessera.round;

import dev.tessera.engine.ReplicaState;
import java.io.Serializable;

/**
 * What a worker gives back.
 *
 * @param state its replica after its last step; meaningless where the report does not count
 */
public record WorkerResult(WorkerReport report, ReplicaState state) implements Serializable {}
