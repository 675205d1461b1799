package dev.tessera.job;

import dev.tessera.dataset.DatasetSettings;
import dev.tessera.dataset.Location;
import dev.tessera.image.ImageSettings;
import dev.tessera.network.Activation;
import dev.tessera.network.Dense;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NetworkException;
import dev.tessera.network.NetworkSpec;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Finds what can't work in a network before the data set is seen. */
final class ModelCheck {
  /** For shapes that do not depend on it. */
  private static final int ANY_CLASSES = 10;

  private ModelCheck() {}

  /**
   * Throws what {@link NetworkSpec#compile} throws, and for outputs that suit no data set at all.
   */
  static void check(NetworkSpec model, ImageSettings image, @Nullable DatasetSettings dataset) {
    checkOutput(model);
    int classes = knownClasses(dataset).orElseGet(() -> statedClasses(model).orElse(ANY_CLASSES));
    model.compile(image.shape(), classes);
  }

  private static void checkOutput(NetworkSpec model) {
    Dense output = output(model);
    if (output == null) {
      return;
    }
    int last = model.layers().size() - 1;
    if (output.activation() == Activation.SOFTMAX && output.units() == 1) {
      throw new NetworkException(
          last,
          "units",
          "softmax over one output is 1 whatever the picture. Write { dense = classes, activation ="
              + " softmax }, or { dense = 1, activation = sigmoid } for two classes.");
    }
    if (output.activation() == Activation.SIGMOID && output.units() != 1) {
      throw new NetworkException(
          last,
          "units",
          "sigmoid as the output needs one output, the probability of the second of two classes."
              + " Write { dense = 1, activation = sigmoid } for two classes, else { dense = classes,"
              + " activation = softmax }.");
    }
  }

  /** The number of classes, if the job says it. */
  static OptionalInt knownClasses(@Nullable DatasetSettings dataset) {
    if (dataset == null) {
      return OptionalInt.empty();
    }
    if (dataset.train() instanceof Location.Cifar cifar) {
      return OptionalInt.of(cifar.classes());
    }
    int named = dataset.train().classNames().size();
    return named == 0 ? OptionalInt.empty() : OptionalInt.of(named);
  }

  /** The number of classes that the last layer was made for, if it says so. */
  static OptionalInt statedClasses(NetworkSpec model) {
    Dense output = output(model);
    if (output == null) {
      return OptionalInt.empty();
    }
    if (output.activation() == Activation.SIGMOID) {
      return OptionalInt.of(2);
    }
    return output.units() == Dense.CLASSES ? OptionalInt.empty() : OptionalInt.of(output.units());
  }

  private static @Nullable Dense output(NetworkSpec model) {
    if (model.layers().isEmpty()) {
      return null;
    }
    LayerSpec last = model.layers().get(model.layers().size() - 1);
    return last instanceof Dense output ? output : null;
  }
}
