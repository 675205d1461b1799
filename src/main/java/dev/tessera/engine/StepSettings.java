package dev.tessera.engine;

/**
 * What may differ from step to step.
 *
 * @param learningRate above 0
 * @param iteration steps that the updater state has seen, from 0 (Adam's t is one more)
 * @param dropoutSeed key of every dropout mask of this step
 */
public record StepSettings(double learningRate, long iteration, long dropoutSeed) {}
