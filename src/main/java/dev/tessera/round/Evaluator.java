package dev.tessera.round;

import dev.tessera.engine.ReplicaState;
import dev.tessera.stats.Evaluation;

/**
 * Classifies a data set with a replica's parameters. The seam between the loop and wherever the
 * validation set lies.
 */
@FunctionalInterface
public interface Evaluator {
  Evaluation evaluate(ReplicaState state);
}
