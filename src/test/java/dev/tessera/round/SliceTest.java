package dev.tessera.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.network.Activation;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Flatten;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.ParameterRole;
import dev.tessera.network.Shape;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SliceTest {
  private static final long SEED = 99;

  private static NetworkPlan network(RandomStream random) {
    List<LayerSpec> layers = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      layers.add(Convolution.of(1 + random.nextInt(30), 3, Padding.SAME, Activation.RELU));
      if (random.nextInt(3) > 0) {
        layers.add(BatchNorm.DEFAULT);
      }
      if (random.nextInt(4) == 0) {
        layers.add(BatchNorm.DEFAULT);
      }
    }
    layers.add(new Flatten());
    layers.add(Dense.of(Dense.CLASSES, Activation.SOFTMAX));
    return NetworkSpec.chain("custom", layers).compile(new Shape.Image(3, 3, 2), 4);
  }

  @Test
  void slicesCoverEveryValueOnceInOrderAndKeepMomentsTogether() {
    System.out.println("seed " + SEED);
    RandomStream random = RandomStream.of(SEED, Purpose.AUGMENTATION);
    for (int i = 0; i < 150; i++) {
      NetworkPlan network = network(random);
      int updater = random.nextInt(3) * network.trainableCount();
      int maxValues = 1 + random.nextInt(random.nextInt(2) == 0 ? 20 : 3000);
      check(network, updater, maxValues, Slice.cut(network, updater, maxValues));
    }
  }

  private static void check(NetworkPlan network, int updater, int maxValues, List<Slice> slices) {
    int next = 0;
    for (int s = 0; s < slices.size(); s++) {
      Slice slice = slices.get(s);
      assertThat(slice.index()).isEqualTo(s);
      assertThat(slice.from()).isEqualTo(next);
      assertThat(slice.size()).isPositive();
      boolean ofUpdater = slice.from() >= network.parameterCount();
      assertThat(slice.pieces().isEmpty()).isEqualTo(ofUpdater);
      int piece = slice.from();
      for (Slice.Piece p : slice.pieces()) {
        ParameterBlock block = network.blocks().get(p.block());
        assertThat(p.from()).isEqualTo(piece).isGreaterThanOrEqualTo(block.offset());
        assertThat(p.to()).isGreaterThan(p.from()).isLessThanOrEqualTo(block.end());
        assertThat(p.role()).isEqualTo(block.role());
        piece = p.to();
      }
      checkMoments(network, slice);
      checkSize(slice, maxValues);
      next = ofUpdater ? slice.to() : piece;
      assertThat(slice.to()).isEqualTo(next);
    }
    assertThat(next).isEqualTo(network.parameterCount() + updater);
  }

  /** A whole running mean is followed at once by its whole running variance. */
  private static void checkMoments(NetworkPlan network, Slice slice) {
    for (int p = 0; p < slice.pieces().size(); p++) {
      Slice.Piece piece = slice.pieces().get(p);
      if (piece.role() == ParameterRole.RUNNING_MEAN) {
        Slice.Piece variance = slice.pieces().get(p + 1);
        assertThat(piece.to() - piece.from()).isEqualTo(network.blocks().get(piece.block()).size());
        assertThat(variance.block()).isEqualTo(piece.block() + 1);
        assertThat(variance.to() - variance.from()).isEqualTo(piece.to() - piece.from());
      }
      if (piece.role() == ParameterRole.RUNNING_VARIANCE) {
        assertThat(p).isPositive();
        assertThat(slice.pieces().get(p - 1).role()).isEqualTo(ParameterRole.RUNNING_MEAN);
      }
    }
  }

  /** Larger than the limit is only what can't be parted. */
  private static void checkSize(Slice slice, int maxValues) {
    if (slice.size() > maxValues) {
      assertThat(slice.pieces().stream().map(Slice.Piece::role))
          .containsExactly(ParameterRole.RUNNING_MEAN, ParameterRole.RUNNING_VARIANCE);
    }
  }

  @Test
  void smallNetworkIsOneSliceAndOneOfUpdaterState() {
    NetworkPlan network = Toy.network();
    assertThat(Slice.cut(network, 39, Slice.MAX_VALUES))
        .containsExactly(
            new Slice(
                0,
                0,
                39,
                List.of(
                    new Slice.Piece(0, ParameterRole.WEIGHT, 0, 36),
                    new Slice.Piece(1, ParameterRole.BIAS, 36, 39))),
            new Slice(1, 39, 78, List.of()));
  }

  @Test
  void stateOfAlmostTwoBillionValuesIsCut() {
    int updater = Integer.MAX_VALUE - 39;
    List<Slice> slices = Slice.cut(Toy.network(), updater, Slice.MAX_VALUES);
    assertThat(slices.get(slices.size() - 1).to()).isEqualTo(Integer.MAX_VALUE);
    assertThat(slices).hasSize(2049);
  }
}
