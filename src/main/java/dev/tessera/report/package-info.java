/**
 * The report of a run, or of several beside each other: one HTML file that needs nothing else, and
 * the same story in thirty lines of text. Reads what the run folder holds, and nothing of the run
 * itself, so that a run that still goes on, or has died, has a report too.
 *
 * <p>Read first: {@link dev.tessera.report.Report}, {@code RunStory}, {@code Verdict}. Imports
 * {@code run}, {@code stats}, {@code error}; must not import Spark, an engine or the job. How it
 * looks is in the resources beside it: {@code report.css} and {@code report.js}.
 */
@NullMarked
package dev.tessera.report;

import org.jspecify.annotations.NullMarked;
