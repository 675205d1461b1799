package dev.tessera.job;

import dev.tessera.run.CheckpointPolicy;
import dev.tessera.run.RunSettings;
import java.time.Duration;
import java.util.List;

/** {@code run}: what the run is called, where it is kept, and its seed. */
final class RunParser {
  static final Key<String> NAME =
      Key.derived(
          "name",
          Text.of(),
          "job",
          "the job file's name without .conf",
          "",
          "Name of the run, in logs and in Spark's UI.");
  static final Key<String> DIR =
      Key.derived(
          "dir",
          Text.path(),
          "runs/job",
          "runs/ and the run's name",
          "",
          "Folder for all the run writes. The same job again in it goes on where it stopped; a run never writes over another one.");
  static final Key<Long> SEED =
      Key.of(
          "seed",
          WholeNumber.fromLong(Long.MIN_VALUE, Long.MAX_VALUE),
          42L,
          "",
          "Start of every random draw: the same job with the same seed gives the same bits.");
  static final Key<Integer> PARAMETER_TABLE_EVERY =
      Key.of(
          "parameterTableEvery",
          WholeNumber.from(1, 1_000_000),
          10,
          "rounds",
          "How often the log has a table of every layer's parameters; every epoch's last round has"
              + " one anyway.");
  static final Key<Boolean> TENSORBOARD =
      Key.of(
          "tensorboard",
          new Flag(),
          false,
          "",
          "Whether the run folder has an event file for TensorBoard: figures of every round, histograms of every layer.");
  static final Key<Integer> CHECKPOINT_ROUNDS =
      Key.of(
          "checkpointRounds",
          WholeNumber.from(1, 1_000_000),
          50,
          "rounds",
          "How often a checkpoint is written, from which the run goes on after any death.");
  static final Key<Integer> CHECKPOINT_MINUTES =
      Key.of(
          "checkpointMinutes",
          WholeNumber.from(1, 100_000),
          10,
          "minutes",
          "A checkpoint is written at least so often, however long rounds take.");
  static final Key<Integer> CHECKPOINTS_KEPT =
      Key.of(
          "checkpointsKept",
          WholeNumber.from(1, 1_000),
          3,
          "checkpoints",
          "How many of the last ones stay, beside the one that did best on the validation set.");

  static final List<Key<?>> KEYS =
      List.of(
          NAME,
          DIR,
          SEED,
          PARAMETER_TABLE_EVERY,
          TENSORBOARD,
          CHECKPOINT_ROUNDS,
          CHECKPOINT_MINUTES,
          CHECKPOINTS_KEPT);

  private RunParser() {}

  static RunSettings read(Section run) {
    String name = run.read(NAME);
    return new RunSettings(
        name,
        run.read(DIR, "runs/" + name),
        run.read(SEED),
        run.read(PARAMETER_TABLE_EVERY),
        run.read(TENSORBOARD),
        new CheckpointPolicy(
            run.read(CHECKPOINT_ROUNDS),
            Duration.ofMinutes(run.read(CHECKPOINT_MINUTES)),
            run.read(CHECKPOINTS_KEPT)));
  }

  static void write(RunSettings run, HoconWriter to) {
    to.open("run")
        .put(NAME, run.name())
        .put(DIR, run.dir())
        .put(SEED, run.seed())
        .put(PARAMETER_TABLE_EVERY, run.parameterTableEvery())
        .put(TENSORBOARD, run.tensorboard())
        .put(CHECKPOINT_ROUNDS, run.checkpoints().everyRounds())
        .put(CHECKPOINT_MINUTES, (int) run.checkpoints().every().toMinutes())
        .put(CHECKPOINTS_KEPT, run.checkpoints().kept())
        .close();
  }
}
