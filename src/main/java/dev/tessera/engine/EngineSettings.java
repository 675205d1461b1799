package dev.tessera.engine;

import java.io.Serializable;

/**
 * Which engine a job asks for, and in which precision.
 *
 * @param precision of engines that have a choice; others run in float
 */
public record EngineSettings(Kind kind, Precision precision) implements Serializable {
  /** What a job can name. */
  public enum Kind {
    /** onednn where it can run the network, else nd4j. */
    AUTO,
    ONEDNN,
    ND4J
  }
}
