package dev.tessera.engine;

/**
 * What a step measured, before its update.
 *
 * @param loss the objective: cross-entropy, mean over the minibatch, without regularisation
 * @param regularisedLoss the same with the l1 and l2 terms
 */
public record StepResult(double loss, double regularisedLoss) {}
