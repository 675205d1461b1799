package dev.tessera.engine.nd4j;

import java.io.Serializable;

/**
 * How a model came about, as its file records it.
 *
 * @param seed of the job
 * @param epochs finished
 * @param iterations steps that each worker has done; Adam's bias correction goes on from there
 * @param learningRate of the last step, with which plain DL4J goes on
 */
public record RunFacts(long seed, int epochs, long iterations, double learningRate)
    implements Serializable {}
