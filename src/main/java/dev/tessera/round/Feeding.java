package dev.tessera.round;

import dev.tessera.image.BlockDecoder;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.Minibatch;
import dev.tessera.image.Minibatches;
import dev.tessera.image.MinibatchesAhead;
import dev.tessera.network.Shape;
import java.io.Serializable;
import java.util.stream.Stream;

/**
 * How the examples of a shard become minibatches.
 *
 * @param image how files that are cached as they are become pixels
 */
public record Feeding(ImageSettings image, Sampling sampling) implements Serializable {
  /** One that is computed with, one that is ready, one that is being filled. */
  private static final int AHEAD = 3;

  /** Of shards that are pixels of the network's size already. */
  public static Feeding ofPixels(Shape.Image shape) {
    return new Feeding(ImageSettings.of(shape), Sampling.NATURAL);
  }

  /** Positions of the shard in the order in which the epoch visits them. */
  int[] order(EpochPlan plan, RoundPlan round, int worker, Shard shard) {
    return switch (sampling) {
      case NATURAL -> plan.order(round.epoch(), round.segment(), worker);
      case BALANCED ->
          BalancedOrder.of(
              shard.labels(), plan.orderStream(round.epoch(), round.segment(), worker));
    };
  }

  /**
   * The minibatches of the steps from {@code firstStep} up to {@code endStep} of a shard, each of
   * up to {@code batchSize} examples.
   *
   * @param order of the whole shard
   */
  Minibatches minibatches(Shard shard, int[] order, int batchSize, int firstStep, int endStep) {
    Shape.Image shape = image.shape();
    Filler filler = new Filler(shard, order, batchSize, new BlockDecoder(image));
    return shard.isDecoded()
        ? Minibatches.onDemand(new Minibatch(shape, batchSize), filler, firstStep)
        : new MinibatchesAhead(
            Stream.generate(() -> new Minibatch(shape, batchSize)).limit(AHEAD).toList(),
            filler,
            firstStep,
            endStep);
  }

  // Not a record: it holds an array.
  private static final class Filler implements Minibatches.Filler {
    private final Shard shard;
    private final int[] order;
    private final int batchSize;
    private final BlockDecoder decoder;

    Filler(Shard shard, int[] order, int batchSize, BlockDecoder decoder) {
      this.shard = shard;
      this.order = order;
      this.batchSize = batchSize;
      this.decoder = decoder;
    }

    @Override
    public void fill(Minibatch minibatch, int step) {
      int from = step * batchSize;
      int to = Math.min(from + batchSize, order.length);
      shard.fill(minibatch, order, from, to, decoder);
    }

    @Override
    public void close() {
      decoder.close();
    }
  }
}
