package dev.tessera.run;

import java.io.Serializable;

/**
 * The {@code run} section of a job.
 *
 * @param name of the run, in logs and Spark's UI
 * @param dir the run folder, a Hadoop path
 * @param seed of every random draw
 * @param parameterTableEvery rounds between two tables of parameter statistics in the log, at least
 *     1; every epoch's last round has one anyway
 * @param tensorboard whether there is an event file for TensorBoard
 */
public record RunSettings(
    String name,
    String dir,
    long seed,
    int parameterTableEvery,
    boolean tensorboard,
    CheckpointPolicy checkpoints)
    implements Serializable {}
