/** Tessera trains convolutional networks over Spark by parameter averaging. */
@NullMarked
package dev.tessera;

import org.jspecify.annotations.NullMarked;
