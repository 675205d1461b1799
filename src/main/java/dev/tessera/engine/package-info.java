/**
 * What runs a step: the interfaces between the round and an engine, and the plain data that crosses
 * them. No engine lives here.
 *
 * <p>Read first: {@link dev.tessera.engine.Engine}, {@link dev.tessera.engine.Replica}, {@link
 * dev.tessera.engine.Workload}. Imports {@code network}, {@code image}, {@code stats}, {@code
 * random}; must not import Spark, job files or a native library.
 */
@NullMarked
package dev.tessera.engine;

import org.jspecify.annotations.NullMarked;
