package dev.tessera.engine;

/**
 * What a step measured, before its update.
 *
 * @param loss cross-entropy, mean over the minibatch, without regularisation
 * @param regularisedLoss the same with the l2 term
 */
public record StepResult(double loss, double regularisedLoss) {}
