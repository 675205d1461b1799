package dev.tessera.stats;

import java.io.Serializable;

/**
 * How probable a network holds a class to be.
 *
 * @param index of the class
 * @param probability from 0 to 1
 */
public record ClassProbability(int index, float probability) implements Serializable {}
