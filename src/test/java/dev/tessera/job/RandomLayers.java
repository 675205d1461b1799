package dev.tessera.job;

import static dev.tessera.job.RandomJobs.any;

import dev.tessera.network.Activation;
import dev.tessera.network.ActivationLayer;
import dev.tessera.network.Add;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Concat;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Dropout;
import dev.tessera.network.Extent;
import dev.tessera.network.Flatten;
import dev.tessera.network.GlobalPooling;
import dev.tessera.network.Initialiser;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.NodeSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.Pooling;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.ZeroPadding;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Networks that fit pictures of 40 x 40 and more. */
final class RandomLayers {
  private RandomLayers() {}

  static NetworkSpec next(Random random) {
    List<LayerSpec> layers = new ArrayList<>();
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      layers.add(pictureLayer(random));
    }
    layers.add(
        random.nextBoolean()
            ? new Flatten()
            : new GlobalPooling(any(random, PoolingKind.values())));
    layers.add(new Dropout(random.nextDouble()));
    layers.add(dense(1 + random.nextInt(20), activation(random), random));
    layers.add(dense(Dense.CLASSES, Activation.SOFTMAX, random));
    NetworkSpec chain = NetworkSpec.chain(ModelParser.CUSTOM, layers);
    return random.nextBoolean() ? chain : branched(chain, random);
  }

  /** Two ways from the picture to where the chain begins. */
  private static NetworkSpec branched(NetworkSpec chain, Random random) {
    List<NodeSpec> nodes = new ArrayList<>();
    nodes.add(new NodeSpec("left", List.of(), grouped(random)));
    nodes.add(new NodeSpec("right", List.of("input"), grouped(random)));
    LayerSpec join = random.nextBoolean() ? new Add(activation(random)) : new Concat();
    nodes.add(new NodeSpec(random.nextBoolean() ? "" : "both", List.of("left", "right"), join));
    nodes.addAll(chain.nodes());
    return new NetworkSpec(ModelParser.CUSTOM, nodes);
  }

  private static Convolution grouped(Random random) {
    return new Convolution(
        6,
        extent(random),
        Extent.ONE,
        Padding.SAME,
        Extent.ONE,
        random.nextBoolean() ? 1 : Convolution.DEPTHWISE,
        activation(random),
        random.nextBoolean(),
        any(random, Initialiser.values()));
  }

  private static Dense dense(int units, Activation activation, Random random) {
    return new Dense(units, activation, random.nextBoolean(), any(random, Initialiser.values()));
  }

  private static LayerSpec pictureLayer(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> convolution(random);
      case 1 -> pooling(random);
      case 2 -> new BatchNorm(random.nextDouble(), Math.exp(-1 - 9 * random.nextDouble()));
      case 3 -> new ActivationLayer(activation(random));
      case 4 ->
          new ZeroPadding(
              random.nextInt(3), random.nextInt(3), random.nextInt(3), random.nextInt(3));
      default -> new Dropout(random.nextDouble());
    };
  }

  private static Convolution convolution(Random random) {
    Padding[] paddings = {
      Padding.VALID,
      Padding.SAME,
      Padding.FULL,
      new Padding.Explicit(1, 2),
      new Padding.Explicit(0, 0)
    };
    return new Convolution(
        1 + random.nextInt(9),
        extent(random),
        extent(random),
        any(random, paddings),
        new Extent(1, 1 + random.nextInt(2)),
        1,
        activation(random),
        random.nextBoolean(),
        any(random, Initialiser.values()));
  }

  private static Pooling pooling(Random random) {
    Padding[] paddings = {Padding.VALID, Padding.SAME, new Padding.Explicit(0, 1)};
    return new Pooling(
        any(random, PoolingKind.values()),
        new Extent(1 + random.nextInt(2), 2),
        extent(random),
        any(random, paddings));
  }

  /** At most 2, so that four layers leave something of a picture. */
  private static Extent extent(Random random) {
    return new Extent(1 + random.nextInt(2), 1 + random.nextInt(2));
  }

  private static Activation activation(Random random) {
    Activation activation = any(random, Activation.values());
    return activation == Activation.SOFTMAX ? Activation.RELU : activation;
  }
}
