package dev.tessera;

import dev.tessera.engine.ReplicaState;

/**
 * What training itself gives.
 *
 * @param state that the model is made of
 * @param rounds that were run
 * @param modelRound after which the state was taken: the last, or the best
 * @param stoppedEarly whether rounds are left that early stopping has spared
 * @param iterations steps of a worker up to it
 */
record Trained(
    ReplicaState state, int rounds, int modelRound, boolean stoppedEarly, int iterations) {}
