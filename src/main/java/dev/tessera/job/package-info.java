/**
 * The job file: HOCON text to a checked {@link dev.tessera.job.Job}, every problem with its line,
 * all at once.
 *
 * <p>Read first: {@link dev.tessera.job.Job}, {@link dev.tessera.job.JobParser}, {@code Section}
 * with its {@code Key}s. Imports the settings of the other packages; must not import an engine's
 * implementation, Spark or the command line.
 */
@NullMarked
package dev.tessera.job;

import org.jspecify.annotations.NullMarked;
