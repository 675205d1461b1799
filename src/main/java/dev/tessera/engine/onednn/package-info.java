/**
 * The fast engine: a network compiled once into a list of oneDNN primitives over memory that is
 * planned ahead; a minibatch is one pass over that list.
 *
 * <p>Read first: {@link dev.tessera.engine.onednn.OneDnnEngine}, {@code NetworkCompiler} (layers to
 * primitives), {@code ProgramBuilder} (primitives to a program and its memory). Convolutions of
 * three rows are in {@code WinogradStage} and its parts. Imports {@code engine} and its imports,
 * JavaCPP and oneDNN; must not import Spark, job files or another engine, and never loads ND4J.
 *
 * <p>Letters of shapes: N minibatch, C channels in, H height, W width; O channels out, I channels
 * in, G groups of a weight tensor. Dimensions of a tensor are always in the order NCHW, GOIHW,
 * whatever its layout in memory.
 */
@NullMarked
package dev.tessera.engine.onednn;

import org.jspecify.annotations.NullMarked;
