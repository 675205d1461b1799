package dev.tessera.round;

import dev.tessera.image.BlockDecoder;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.Minibatch;
import dev.tessera.image.Minibatches;
import dev.tessera.image.MinibatchesAhead;
import dev.tessera.image.augment.Augmentation;
import dev.tessera.image.augment.Augmenter;
import dev.tessera.network.Shape;
import java.io.Serializable;
import java.util.stream.Stream;

/**
 * How the examples of a shard become minibatches.
 *
 * @param image how files that are cached as they are become pixels
 */
public record Feeding(ImageSettings image, Sampling sampling, Augmentation augmentation)
    implements Serializable {
  /** One that is computed with, one that is ready, one that is being filled. */
  private static final int AHEAD = 3;

  /** Of shards that are pixels of the network's size already. */
  public static Feeding ofPixels(Shape.Image shape) {
    return new Feeding(ImageSettings.of(shape), Sampling.NATURAL, Augmentation.NONE);
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
   * The minibatches of a worker in a round.
   *
   * @param order of the whole shard
   * @param endStep the step of the segment after the last
   */
  Minibatches minibatches(
      Shard shard, int[] order, EpochPlan plan, RoundPlan round, int worker, int endStep) {
    Filler filler =
        new Filler(
            shard,
            order,
            plan,
            round,
            worker,
            new BlockDecoder(image),
            new Augmenter(augmentation, image.shape()));
    boolean quick = shard.isDecoded() && augmentation.isNone();
    return quick
        ? Minibatches.onDemand(minibatch(plan), filler, round.firstStep())
        : new MinibatchesAhead(
            Stream.generate(() -> minibatch(plan)).limit(AHEAD).toList(),
            filler,
            round.firstStep(),
            endStep);
  }

  private Minibatch minibatch(EpochPlan plan) {
    return new Minibatch(image.shape(), plan.batchSize());
  }

  // Not a record: it holds an array.
  private static final class Filler implements Minibatches.Filler {
    private final Shard shard;
    private final int[] order;
    private final EpochPlan plan;
    private final RoundPlan round;
    private final int worker;
    private final BlockDecoder decoder;
    private final Augmenter augmenter;

    Filler(
        Shard shard,
        int[] order,
        EpochPlan plan,
        RoundPlan round,
        int worker,
        BlockDecoder decoder,
        Augmenter augmenter) {
      this.shard = shard;
      this.order = order;
      this.plan = plan;
      this.round = round;
      this.worker = worker;
      this.decoder = decoder;
      this.augmenter = augmenter;
    }

    @Override
    public void fill(Minibatch minibatch, int step) {
      int from = step * plan.batchSize();
      int to = Math.min(from + plan.batchSize(), order.length);
      shard.fill(minibatch, order, from, to, decoder);
      int inEpoch = round.stepsBefore() + step;
      augmenter.apply(minibatch, plan.augmentationSeed(round.epoch(), worker, inEpoch));
    }

    @Override
    public void close() {
      decoder.close();
    }
  }
}
