package dev.tessera.dataset;

import java.io.Serializable;

/**
 * Which examples of a stream are worth sending, by their origins: all that are asked for, and as
 * few others as can be told without looking them up.
 */
@FunctionalInterface
interface Wanted extends Serializable {
  Wanted ALL = origin -> true;

  boolean test(String origin);
}
