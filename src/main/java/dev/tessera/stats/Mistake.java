package dev.tessera.stats;

import java.io.Serializable;

/**
 * An example that was taken for another class than its own.
 *
 * @param label its class
 * @param predicted the class that it was taken for
 * @param probability that the network gave the wrong class
 */
public record Mistake(
    String origin, int label, int predicted, double probability, SmallPicture picture)
    implements Serializable {}
