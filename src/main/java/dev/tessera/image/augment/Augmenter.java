package dev.tessera.image.augment;

import dev.tessera.image.Minibatch;
import dev.tessera.network.Shape;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Augments minibatches in place. Owns its buffers, allocates none afterwards, and stays on its
 * thread.
 *
 * <p>What it does to an example is a pure function of the settings, the step's key and the
 * example's place in the minibatch, in integers, plain float arithmetic and {@link StrictMath}:
 * equal bits on every machine.
 */
public final class Augmenter {
  /** Place of the draws that belong to the minibatch as a whole. */
  private static final long WHOLE_MINIBATCH = -1;

  private final Shape.Image shape;
  private final List<ImageStep> steps;
  private final Mixing mixing;
  private final RandomStream random = RandomStream.of(0, Purpose.AUGMENTATION);

  /**
   * An augmenter for minibatches of that shape.
   *
   * @throws IllegalArgumentException if the settings don't fit the shape: a border that mirrors
   *     more than there is
   */
  public Augmenter(Augmentation settings, Shape.Image shape) {
    this.shape = shape;
    this.steps = steps(settings, shape);
    this.mixing = new Mixing(settings, shape);
  }

  private static List<ImageStep> steps(Augmentation settings, Shape.Image shape) {
    // One buffer serves all: none keeps anything from one picture to the next.
    byte[] buffer = new byte[shape.size()];
    List<ImageStep> steps = new ArrayList<>();
    if (settings.randomResizedCrop() != null) {
      steps.add(new ResizedCropStep(settings.randomResizedCrop(), shape, buffer));
    }
    if (settings.randomCrop() != null) {
      steps.add(new CropStep(settings.randomCrop(), shape, buffer));
    }
    if (settings.horizontalFlip() > 0 || settings.verticalFlip() > 0) {
      steps.add(new FlipStep(settings.horizontalFlip(), settings.verticalFlip(), shape, buffer));
    }
    if (settings.affine() != null) {
      steps.add(new AffineStep(settings.affine(), shape, buffer));
    }
    if (settings.colorJitter() != null) {
      steps.add(new ColorJitterStep(settings.colorJitter(), shape));
    }
    if (settings.grayscale() > 0 && shape.channels() == Colors.CHANNELS) {
      steps.add(new GrayscaleStep(settings.grayscale(), shape));
    }
    if (settings.erasing() != null) {
      steps.add(new ErasingStep(settings.erasing(), shape));
    }
    return List.copyOf(steps);
  }

  /** The widest border that pictures of that shape can have. */
  public static int mostPadding(Augmentation.PaddingMode mode, Shape.Image shape) {
    return CropStep.mostPadding(mode, Math.min(shape.height(), shape.width()));
  }

  /**
   * Changes the examples of the minibatch, and their labels where it mixes.
   *
   * @param key of the step, see {@link RandomStream#key}
   * @throws IllegalArgumentException if its pictures have another shape
   */
  public void apply(Minibatch minibatch, long key) {
    if (!minibatch.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "Cannot augment pictures of " + minibatch.shape() + ": made for " + shape);
    }
    if (!steps.isEmpty()) {
      for (int example = 0; example < minibatch.size(); example++) {
        random.restart(RandomStream.key(key, Purpose.AUGMENTATION, example));
        for (int i = 0; i < steps.size(); i++) {
          steps.get(i).apply(minibatch.pixels(), example * shape.size(), random);
        }
      }
    }
    random.restart(RandomStream.key(key, Purpose.AUGMENTATION, WHOLE_MINIBATCH));
    mixing.apply(minibatch, random);
  }
}
