package dev.tessera.run;

/** What a run does with a folder in which one has begun. */
public enum Resume {
  /** Goes on from its last checkpoint; begins anew where there is none. */
  AUTO,
  /** Refuses it. */
  NEVER,
  /** Goes on, and refuses a folder without a checkpoint. */
  REQUIRE
}
