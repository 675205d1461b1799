/**
 * Networks as data: layer specs, shape inference, named networks, the layout of the parameters, the
 * summary. Pure Java, no weights, no engine types.
 *
 * <p>Read first: {@link dev.tessera.network.LayerSpec}, {@link dev.tessera.network.NetworkSpec},
 * {@link dev.tessera.network.NetworkPlan}. Imports nothing of ours but {@code random}; must not
 * import Spark, an engine or a library.
 */
@NullMarked
package dev.tessera.network;

import org.jspecify.annotations.NullMarked;
