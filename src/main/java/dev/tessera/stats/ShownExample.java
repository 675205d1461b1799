package dev.tessera.stats;

import java.io.Serializable;

/**
 * An example of which a report shows what the layers make.
 *
 * @param label its class
 */
public record ShownExample(String origin, int label) implements Serializable {}
