package dev.tessera.dataset;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.io.Serializable;

/**
 * Which side of a split an image is on: a function of the seed and its origin alone, so that no
 * image changes side when others come or go. The interval [0, 1) is cut into test, validation and
 * training, in this order.
 *
 * <p>Every image is drawn for itself with the same chances, so every class is cut by the fractions
 * too, to within the square root of its share: of 1,000 images at 0.2, 200 give or take 13. Exact
 * counts a class would need a place among the other images, and the place moves when one comes.
 *
 * @param testFraction in [0, 1]
 * @param validationFraction in [0, 1]
 */
record Split(long seed, double testFraction, double validationFraction) implements Serializable {

  /** The sides. */
  enum Side {
    TEST,
    VALIDATION,
    TRAIN
  }

  /** What a source need not send for that side. */
  Wanted wanted(Side side) {
    return origin -> side(origin) == side;
  }

  Side side(String origin) {
    double place = (RandomStream.hash64(seed, Purpose.SPLIT, origin) >>> 11) * 0x1.0p-53;
    if (place < testFraction) {
      return Side.TEST;
    }
    return place < testFraction + validationFraction ? Side.VALIDATION : Side.TRAIN;
  }
}
