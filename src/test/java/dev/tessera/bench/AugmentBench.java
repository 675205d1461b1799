package dev.tessera.bench;

import dev.tessera.engine.EngineCase;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Replica;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.onednn.OneDnnEngine;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
import dev.tessera.image.augment.Augmentation;
import dev.tessera.image.augment.Augmentation.Affine;
import dev.tessera.image.augment.Augmentation.ColorJitter;
import dev.tessera.image.augment.Augmentation.Erasing;
import dev.tessera.image.augment.Augmentation.Interpolation;
import dev.tessera.image.augment.Augmentation.Mix;
import dev.tessera.image.augment.Augmentation.PaddingMode;
import dev.tessera.image.augment.Augmentation.RandomCrop;
import dev.tessera.image.augment.Augmentation.RandomResizedCrop;
import dev.tessera.image.augment.Augmenter;
import dev.tessera.image.augment.Range;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What augmentation costs an image, beside a training step of {@code reference}, on one thread.
 * Arguments are sides of square pictures, 32 and 224 if there are none. Prints a line of each:
 *
 * <pre>
 * augment SIDE NAME MICROSECONDS
 * step SIDE PRECISION MICROSECONDS
 * share SIDE PRECISION NAME SHARE
 * </pre>
 *
 * <p>Minibatches of 64 images, of 8 from 128 pixels on. Augmentation and steps take turns; each
 * figure is the least of the turns' medians, since a busy machine only ever adds.
 */
public final class AugmentBench {
  private static final int ROUNDS = 3;
  private static final int WARM_UP = 300;
  private static final Range ONE = new Range(1, 1);
  private static final Range ZERO = new Range(0, 0);
  private static final String MEASURED = "crop+flip+colour";

  private AugmentBench() {}

  /** See the class. */
  public static void main(String[] arguments) {
    int[] sides = Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
    for (int side : sides.length == 0 ? new int[] {32, 224} : sides) {
      measure(side);
    }
  }

  private static Map<String, Augmentation> settings() {
    RandomCrop crop = new RandomCrop(4, 0, PaddingMode.CONSTANT);
    Range around = new Range(0.6, 1.4);
    ColorJitter color = new ColorJitter(around, around, around, ZERO);
    ColorJitter withHue = new ColorJitter(around, around, around, new Range(-0.1, 0.1));
    Map<String, Augmentation> settings = new LinkedHashMap<>();
    settings.put("crop", each(null, crop, 0, null, null));
    settings.put("flip", each(null, null, 0.5, null, null));
    settings.put("colour", each(null, null, 0, null, color));
    settings.put(MEASURED, each(null, crop, 0.5, null, color));
    settings.put(MEASURED + "+hue", each(null, crop, 0.5, null, withHue));
    settings.put(
        "resized-crop",
        each(
            new RandomResizedCrop(new Range(0.08, 1), new Range(0.75, 4.0 / 3)),
            null,
            0,
            null,
            null));
    for (Interpolation interpolation : Interpolation.values()) {
      settings.put(
          "affine-" + interpolation.name().toLowerCase(Locale.ROOT),
          each(
              null,
              null,
              0,
              new Affine(new Range(-15, 15), 0.1, 0.1, ONE, interpolation, 0),
              null));
    }
    settings.put(
        "erasing",
        new Augmentation(
            null,
            null,
            0,
            0,
            null,
            null,
            0,
            new Erasing(0.5, new Range(0.02, 0.33), new Range(0.3, 3.3), 0),
            null,
            null));
    settings.put("mixup", mixing(new Mix(1), null));
    settings.put("cutmix", mixing(null, new Mix(1)));
    return settings;
  }

  private static Augmentation each(
      @Nullable RandomResizedCrop resizedCrop,
      @Nullable RandomCrop crop,
      double flip,
      @Nullable Affine affine,
      @Nullable ColorJitter jitter) {
    return new Augmentation(resizedCrop, crop, flip, 0, affine, jitter, 0, null, null, null);
  }

  private static Augmentation mixing(@Nullable Mix mixup, @Nullable Mix cutmix) {
    return new Augmentation(null, null, 0, 0, null, null, 0, null, mixup, cutmix);
  }

  private static void measure(int side) {
    Shape.Image shape = new Shape.Image(side, side, 3);
    int size = side < 128 ? 64 : 8;
    Minibatch minibatch = EngineCase.minibatch(shape, 10, size, 1);
    Map<String, Augmentation> settings = settings();
    Map<String, double[]> augment = new LinkedHashMap<>();
    Map<String, double[]> step = new LinkedHashMap<>();
    settings.keySet().forEach(name -> augment.put(name, new double[ROUNDS]));
    for (int round = 0; round < ROUNDS; round++) {
      for (Precision precision : List.of(Precision.FLOAT, Precision.BFLOAT16)) {
        OneDnnEngine engine = new OneDnnEngine(precision);
        if (!engine.runtime(1).able()) {
          continue;
        }
        double[] times =
            step.computeIfAbsent(
                precision.name().toLowerCase(Locale.ROOT), key -> new double[ROUNDS]);
        times[round] = step(engine, shape, size);
      }
      for (String name : settings.keySet()) {
        augment.get(name)[round] = augment(settings.get(name), minibatch, round == 0);
      }
    }
    augment.forEach((name, times) -> print("augment %d %s %.2f%n", side, name, least(times)));
    step.forEach((name, times) -> print("step %d %s %.2f%n", side, name, least(times)));
    step.forEach(
        (precision, times) ->
            augment.forEach(
                (name, costs) ->
                    print(
                        "share %d %s %s %.4f%n",
                        side, precision, name, least(costs) / least(times))));
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }

  /** Microseconds an image. */
  private static double augment(Augmentation settings, Minibatch minibatch, boolean cold) {
    Augmenter augmenter = new Augmenter(settings, minibatch.shape());
    byte[] fresh = minibatch.pixels().clone();
    double[] times = new double[100];
    for (int i = cold ? -WARM_UP : 0; i < times.length; i++) {
      // Augmented again and again, pictures would end up grey.
      System.arraycopy(fresh, 0, minibatch.pixels(), 0, fresh.length);
      long began = System.nanoTime();
      augmenter.apply(minibatch, i);
      if (i >= 0) {
        times[i] = (System.nanoTime() - began) / 1e3 / minibatch.size();
      }
    }
    System.arraycopy(fresh, 0, minibatch.pixels(), 0, fresh.length);
    return median(times);
  }

  /** Microseconds an image. */
  private static double step(OneDnnEngine engine, Shape.Image shape, int size) {
    Workload workload =
        new Workload(
            NamedNetworks.named("reference").compile(shape, 10),
            PixelScaling.unit(3),
            Objective.PLAIN,
            new Updater.Nesterov(0.9),
            Regularisation.NONE,
            GradientClipping.NONE,
            size);
    Minibatch minibatch = EngineCase.minibatch(shape, 10, size, 1);
    double[] times = new double[size < 64 ? 3 : 8];
    try (Replica replica = engine.open(workload, 1)) {
      replica.load(workload.initialState(1));
      for (int i = -2; i < times.length; i++) {
        long began = System.nanoTime();
        replica.step(minibatch, new StepSettings(0.02, 0, 1));
        if (i >= 0) {
          times[i] = (System.nanoTime() - began) / 1e3 / size;
        }
      }
    }
    return median(times);
  }

  private static double least(double[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
