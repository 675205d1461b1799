/**
 * A contact sheet: pictures as they were decoded, and as augmentation shows them to the network.
 *
 * <p>Read first: {@link dev.tessera.preview.ContactSheet}, {@code Canvas}. Imports {@code image},
 * {@code image.augment}, {@code network} (shapes); draws with what the JDK has, without a screen.
 */
@NullMarked
package dev.tessera.preview;

import org.jspecify.annotations.NullMarked;
