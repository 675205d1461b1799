/**
 * Pictures: decoding, orientation, resizing, channels, and the two containers they travel in. Knows
 * no networks, no engines, no Spark.
 *
 * <p>Read first: {@link dev.tessera.image.PixelBlock}, {@link dev.tessera.image.Minibatch}, {@link
 * dev.tessera.image.ImageDecoder}. Imports {@code network} (shapes) and {@code random}; the image
 * codec is imported by the decoder, {@code PictureCodec} and {@code PictureResize} alone.
 */
@NullMarked
package dev.tessera.image;

import org.jspecify.annotations.NullMarked;
