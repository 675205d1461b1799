package dev.tessera.job;

import dev.tessera.network.Activation;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Extent;
import dev.tessera.network.Initialiser;
import dev.tessera.network.Padding;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.ZeroPadding;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of every kind of layer. The first one says the kind. */
final class LayerKeys {
  private static final Activation[] HIDDEN =
      Arrays.stream(Activation.values())
          .filter(activation -> activation != Activation.SOFTMAX)
          .toArray(Activation[]::new);

  static final Key<Integer> CONV =
      Key.required(
          "conv",
          WholeNumber.from(1, 65_536),
          1,
          "filters",
          "Convolution with that many filters, each a channel of the output.");
  static final Key<Extent> KERNEL =
      Key.of("kernel", new Sides(), new Extent(3, 3), "pixels", "Rows and columns a filter sees.");
  static final Key<Extent> CONV_STRIDE = stride(Key.of("stride", new Sides(), Extent.ONE, "", ""));
  static final Key<Padding> CONV_PADDING =
      Key.of(
          "padding",
          new PaddingForms(Padding.VALID, Padding.SAME, Padding.FULL),
          Padding.VALID,
          "pixels",
          "Zeros around the picture: valid has none, same keeps the size at stride 1, full lets"
              + " every window count that touches the picture; numbers are rows above and below, and"
              + " columns left and right.");
  static final Key<Extent> DILATION =
      Key.of(
          "dilation", new Sides(), Extent.ONE, "pixels", "Distance of the pixels a filter sees.");
  static final Key<Integer> GROUPS =
      Key.of(
          "groups",
          new CountOrWord("depthwise", Convolution.DEPTHWISE, 65_536),
          1,
          "groups",
          "Channels and filters are cut into that many groups, and a filter sees the channels of its"
              + " own alone; depthwise stands for as many groups as there are channels.");
  static final Key<Activation> ACTIVATION =
      Key.of(
          "activation",
          Word.of(Activation.values()),
          Activation.IDENTITY,
          "",
          "Function after the layer; softmax after the last one alone.");
  static final Key<Boolean> BIAS =
      Key.of("bias", new Flag(), true, "", "Whether a trained constant is added to every output.");
  static final Key<Initialiser> INITIALISER =
      Key.derived(
          "initialiser",
          Word.of(Initialiser.values()),
          Initialiser.HE_NORMAL,
          "heNormal before relu, leakyRelu, elu and swish, else glorotUniform",
          "",
          "How the weights start.");

  static final Key<PoolingKind> POOL =
      Key.required(
          "pool",
          Word.of(PoolingKind.values()),
          PoolingKind.MAX,
          "",
          "Largest value or mean of every window, channel by channel.");
  static final Key<Extent> SIZE =
      Key.of("size", new Sides(), new Extent(2, 2), "pixels", "Rows and columns of the window.");
  static final Key<Extent> POOL_STRIDE =
      stride(Key.derived("stride", new Sides(), Extent.ONE, "that of size", "", ""));
  static final Key<Padding> POOL_PADDING =
      Key.of(
          "padding",
          new PaddingForms(Padding.VALID, Padding.SAME),
          Padding.VALID,
          "pixels",
          "What lies around the picture and is left out of account; less than size.");

  static final Key<PoolingKind> GLOBAL_POOL =
      Key.required(
          "globalPool",
          Word.of(new PoolingKind[] {PoolingKind.AVERAGE, PoolingKind.MAX}),
          PoolingKind.AVERAGE,
          "",
          "Mean or largest value of every channel over the whole picture; the output is flat.");

  static final Key<String> BATCH_NORM =
      Group.key(
          "batchNorm",
          "group",
          "batchNorm {}, or batchNorm { momentum = 0.9 }",
          Key.REQUIRED,
          "Brings every channel to mean 0 and deviation 1 over the minibatch, then scales and shifts"
              + " it as trained.");
  static final Key<Double> MOMENTUM =
      Key.of(
          "momentum",
          Decimal.share(),
          BatchNorm.DEFAULT.momentum(),
          "",
          "Share of the old running mean and variance that is kept.");
  static final Key<Double> EPSILON =
      Key.of(
          "epsilon",
          Decimal.above(0, 0.5),
          BatchNorm.DEFAULT.epsilon(),
          "",
          "Added to the variance before its root.");
  static final List<Key<?>> BATCH_NORM_KEYS = List.of(MOMENTUM, EPSILON);

  static final Key<Double> DROPOUT =
      Key.required(
          "dropout",
          Decimal.share(),
          0.5,
          "",
          "Part of the values that is set to zero at random while training.");
  static final Key<Activation> ACTIVATION_LAYER =
      Key.required(
          "activation",
          Word.of(HIDDEN),
          Activation.RELU,
          "",
          "A function as a layer of its own, for example after batchNorm.");
  static final Key<String> FLATTEN =
      Group.key(
          "flatten",
          "group",
          "flatten {}",
          Key.REQUIRED,
          "Makes a picture a flat list of values, as dense needs it.");
  static final Key<Integer> DENSE =
      Key.required(
          "dense",
          new CountOrWord("classes", Dense.CLASSES, 1_000_000),
          1,
          "outputs",
          "Every input times every output's weight; classes stands for the number of classes.");
  static final Key<ZeroPadding> ZERO_PADDING =
      Key.required(
          "zeroPadding",
          new Borders(),
          new ZeroPadding(0, 0, 0, 0),
          "pixels",
          "Rows and columns of zeros around the picture.");

  static final Key<List<String>> ADD =
      Key.required(
          "add",
          new LayerNames("[first, second, ...]"),
          List.of(),
          "layers",
          "Sum of the outputs of the layers of those names, element by element; they have equal"
              + " shapes.");
  static final Key<Activation> JOIN_ACTIVATION =
      Key.of("activation", Word.of(HIDDEN), Activation.IDENTITY, "", "Function after the sum.");
  static final Key<List<String>> CONCAT =
      Key.required(
          "concat",
          new LayerNames("[first, second, ...]"),
          List.of(),
          "layers",
          "Outputs of the layers of those names, one after the other: channels of pictures of equal"
              + " height and width, or flat lists.");

  static final Key<String> NAME =
      Key.derived(
          "name",
          Text.of(),
          "",
          "kind and count, for example conv2",
          "",
          "What the layer is called in the summary, in statistics and by other layers.");
  static final Key<List<String>> FROM =
      Key.derived(
          "from",
          new LayerNames("name, or [name]"),
          List.of(),
          "the layer before",
          "",
          "The earlier layer whose output it takes; input stands for the picture.");

  /** Keys that every layer has, of which joins say the second by their own. */
  static final List<Key<?>> PLACE_KEYS = List.of(NAME, FROM);

  /** Keys by kind. */
  static final Map<String, List<Key<?>>> KINDS = kinds();

  private LayerKeys() {}

  private static Key<Extent> stride(Key<Extent> key) {
    return new Key<>(
        key.name(),
        key.type(),
        key.fallback(),
        key.fallbackText(),
        "pixels",
        "Rows and columns from one window to the next.");
  }

  private static Map<String, List<Key<?>>> kinds() {
    Map<String, List<Key<?>>> kinds = new LinkedHashMap<>();
    add(
        kinds,
        CONV,
        List.of(
            KERNEL, CONV_STRIDE, CONV_PADDING, DILATION, GROUPS, ACTIVATION, BIAS, INITIALISER));
    add(kinds, POOL, List.of(SIZE, POOL_STRIDE, POOL_PADDING));
    add(kinds, GLOBAL_POOL, List.of());
    add(kinds, BATCH_NORM, List.of());
    add(kinds, DROPOUT, List.of());
    add(kinds, ACTIVATION_LAYER, List.of());
    add(kinds, FLATTEN, List.of());
    add(kinds, DENSE, List.of(ACTIVATION, BIAS, INITIALISER));
    add(kinds, ZERO_PADDING, List.of());
    add(kinds, ADD, List.of(JOIN_ACTIVATION));
    add(kinds, CONCAT, List.of());
    return kinds;
  }

  private static void add(Map<String, List<Key<?>>> kinds, Key<?> kind, List<Key<?>> options) {
    List<Key<?>> keys = new java.util.ArrayList<>();
    keys.add(kind);
    keys.addAll(options);
    kinds.put(kind.name(), List.copyOf(keys));
  }
}
