package dev.tessera;

/**
 * Hears of every finished round, for a progress bar or a notebook. Called on another thread than
 * the caller's, in order.
 */
@FunctionalInterface
public interface Progress {
  /** Shows nothing. */
  Progress SILENT = (done, all, line) -> {};

  /**
   * A round is over.
   *
   * @param roundsDone from 1
   * @param line what the log says of the round: epoch, round, loss, images/s, time left
   */
  void round(int roundsDone, int roundsTotal, String line);
}
