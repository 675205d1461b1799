package dev.tessera.run;

import java.io.Serializable;
import java.time.Duration;

/**
 * When checkpoints are written, and how many stay.
 *
 * @param everyRounds at least 1
 * @param every above 0
 * @param kept at least 1, beside the best
 */
public record CheckpointPolicy(int everyRounds, Duration every, int kept) implements Serializable {}
