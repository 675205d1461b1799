/**
 * The one source of random numbers: a counter-based generator whose every draw is a pure function
 * of (job seed, purpose, coordinates), so that nothing depends on time, thread, or who drew before.
 *
 * <p>Read first: {@link dev.tessera.random.RandomStream}, {@link dev.tessera.random.Purpose}.
 * Imports nothing of ours; every package may import it.
 */
@NullMarked
package dev.tessera.random;

import org.jspecify.annotations.NullMarked;
