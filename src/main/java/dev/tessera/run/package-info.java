/**
 * The run folder: what is written, where, whole or not at all. Knows a small {@code Storage}
 * interface, not Hadoop.
 *
 * <p>Read first: {@code RunFolder}, {@code Storage}. Imports {@code network}, {@code stats}, {@code
 * tfrecord}, {@code error}; must not import Spark or Hadoop.
 */
@NullMarked
package dev.tessera.run;

import org.jspecify.annotations.NullMarked;
