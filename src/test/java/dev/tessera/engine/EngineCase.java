package dev.tessera.engine;

import static dev.tessera.network.Activation.ELU;
import static dev.tessera.network.Activation.IDENTITY;
import static dev.tessera.network.Activation.LEAKY_RELU;
import static dev.tessera.network.Activation.RELU;
import static dev.tessera.network.Activation.SIGMOID;
import static dev.tessera.network.Activation.SOFTMAX;
import static dev.tessera.network.Activation.SWISH;
import static dev.tessera.network.Activation.TANH;
import static dev.tessera.network.Padding.FULL;
import static dev.tessera.network.Padding.SAME;
import static dev.tessera.network.Padding.VALID;
import static dev.tessera.network.PoolingKind.AVERAGE;
import static dev.tessera.network.PoolingKind.MAX;

import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelBlock;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.ActivationLayer;
import dev.tessera.network.Add;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Concat;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Extent;
import dev.tessera.network.Flatten;
import dev.tessera.network.GlobalPooling;
import dev.tessera.network.Initialiser;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.NodeSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.Pooling;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.Shape;
import dev.tessera.network.ZeroPadding;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A small network and what it is run on. Everything in it is a pure function of its fields. */
public record EngineCase(
    String name, Shape.Image input, int classes, int batch, NetworkSpec network) {
  private static final long SEED = 20_26;

  /** A chain of layers. */
  public static EngineCase of(
      String name, Shape.Image input, int classes, int batch, List<LayerSpec> layers) {
    return new EngineCase(name, input, classes, batch, NetworkSpec.chain("custom", layers));
  }

  @Override
  public String toString() {
    return name;
  }

  /** One case a layer kind, padding, border and activation, none with dropout. */
  public static List<EngineCase> all() {
    List<EngineCase> cases = new ArrayList<>();
    convolutions(cases);
    singleWindows(cases);
    poolings(cases);
    others(cases);
    groups(cases);
    joins(cases);
    for (Activation activation : List.of(IDENTITY, RELU, LEAKY_RELU, ELU, SIGMOID, TANH, SWISH)) {
      cases.add(
          pictures(
              "activation " + activation,
              Convolution.of(2, 2, VALID, activation),
              new ActivationLayer(activation),
              new Flatten(),
              Dense.of(3, activation)));
    }
    return cases;
  }

  private static void convolutions(List<EngineCase> cases) {
    cases.add(pictures("conv same 3x3", conv(3, 3, 1, 1, 1, 1, SAME, true), new Flatten()));
    cases.add(
        pictures("conv same 2x4, odd rest", conv(2, 4, 1, 1, 1, 1, SAME, true), new Flatten()));
    cases.add(pictures("conv same, stride 2", conv(3, 3, 2, 2, 1, 1, SAME, true), new Flatten()));
    cases.add(
        pictures(
            "conv same, stride 3 over kernel 1",
            conv(1, 1, 3, 3, 1, 1, SAME, true),
            new Flatten()));
    cases.add(pictures("conv same, dilation 2", conv(3, 2, 1, 1, 2, 2, SAME, true), new Flatten()));
    cases.add(
        pictures("conv valid 2x3, stride 3x1", conv(2, 3, 3, 1, 1, 1, VALID, true), new Flatten()));
    cases.add(
        pictures("conv valid, dilation 2x1", conv(2, 2, 1, 1, 2, 1, VALID, true), new Flatten()));
    cases.add(pictures("conv full", conv(3, 2, 1, 1, 1, 1, FULL, true), new Flatten()));
    cases.add(
        pictures(
            "conv explicit 2x1, stride 2",
            conv(3, 3, 2, 2, 1, 1, new Padding.Explicit(2, 1), true),
            new Flatten()));
    cases.add(pictures("conv without bias", conv(2, 2, 1, 1, 1, 1, VALID, false), new Flatten()));
    cases.add(
        pictures(
            "two convs",
            conv(3, 3, 1, 1, 1, 1, SAME, true),
            conv(2, 2, 1, 1, 1, 1, VALID, true),
            new Flatten()));
  }

  /** Where the stride is longer than what is left for it; the first of one channel. */
  private static void singleWindows(List<EngineCase> cases) {
    cases.add(
        of(
            "conv of one column of windows, stride 3",
            new Shape.Image(5, 2, 1),
            3,
            2,
            List.of(
                conv(1, 3, 1, 3, 1, 1, SAME, true),
                new Flatten(),
                Dense.of(Dense.CLASSES, SOFTMAX))));
    cases.add(
        of(
            "conv of 16 channels of one pixel, stride 2",
            new Shape.Image(1, 1, 3),
            3,
            2,
            List.of(
                Convolution.of(16, 1, SAME, TANH),
                conv(3, 3, 2, 2, 1, 1, SAME, true),
                new Flatten(),
                Dense.of(Dense.CLASSES, SOFTMAX))));
    cases.add(
        of(
            "conv of one window that leaves some out",
            new Shape.Image(4, 5, 3),
            3,
            2,
            List.of(
                conv(2, 3, 3, 4, 1, 1, VALID, true),
                new Flatten(),
                Dense.of(Dense.CLASSES, SOFTMAX))));
    cases.add(
        of(
            "conv of one column of windows, stride 3, full",
            new Shape.Image(6, 2, 1),
            3,
            2,
            List.of(
                conv(1, 2, 1, 3, 1, 1, FULL, true),
                new Flatten(),
                Dense.of(Dense.CLASSES, SOFTMAX))));
    cases.add(
        of(
            "conv of 32 channels with a stride longer than the picture is wide",
            new Shape.Image(4, 1, 3),
            3,
            2,
            List.of(
                Convolution.of(32, 1, SAME, TANH),
                conv(1, 3, 2, 2, 1, 1, FULL, true),
                new Flatten(),
                Dense.of(Dense.CLASSES, SOFTMAX))));
    cases.add(
        of(
            "conv of windows that see nothing of the picture",
            new Shape.Image(7, 1, 3),
            3,
            2,
            List.of(
                Convolution.of(8, 1, SAME, TANH),
                conv(1, 2, 1, 1, 1, 2, new Padding.Explicit(0, 3), true),
                new Flatten(),
                Dense.of(Dense.CLASSES, SOFTMAX))));
  }

  private static void poolings(List<EngineCase> cases) {
    for (PoolingKind kind : PoolingKind.values()) {
      cases.add(pooled(kind + " pool valid 2", kind, 2, 2, 2, 2, VALID));
      cases.add(pooled(kind + " pool valid 2x3, stride 1x2", kind, 2, 3, 1, 2, VALID));
      cases.add(pooled(kind + " pool valid 1, stride 2", kind, 1, 1, 2, 2, VALID));
      cases.add(pooled(kind + " pool same 2, odd rest", kind, 2, 2, 2, 2, SAME));
      cases.add(pooled(kind + " pool same 3, stride 2", kind, 3, 3, 2, 2, SAME));
      cases.add(pooled(kind + " pool same 3, stride 1", kind, 3, 3, 1, 1, SAME));
      cases.add(pooled(kind + " pool same 1, stride 3", kind, 1, 1, 3, 3, SAME));
      cases.add(pooled(kind + " pool explicit 1", kind, 3, 3, 2, 2, new Padding.Explicit(1, 1)));
      cases.add(pooled(kind + " pool full", kind, 2, 2, 1, 1, FULL));
      cases.add(
          pictures(
              "global pool " + kind,
              conv(3, 3, 1, 1, 1, 1, SAME, true),
              new GlobalPooling(kind),
              Dense.of(3, TANH)));
    }
  }

  private static EngineCase pooled(
      String name,
      PoolingKind kind,
      int height,
      int width,
      int strideY,
      int strideX,
      Padding padding) {
    return pictures(
        name,
        conv(2, 2, 1, 1, 1, 1, SAME, true),
        new Pooling(kind, new Extent(height, width), new Extent(strideY, strideX), padding),
        new Flatten());
  }

  private static void others(List<EngineCase> cases) {
    LayerSpec conv = conv(2, 2, 1, 1, 1, 1, VALID, true);
    cases.add(pictures("zero padding", new ZeroPadding(1, 0, 2, 3), conv, new Flatten()));
    cases.add(
        pictures(
            "zero padding before pool",
            new ZeroPadding(0, 1, 0, 1),
            Pooling.of(AVERAGE, 2),
            new Flatten()));
    cases.add(pictures("batch norm of pictures", conv, BatchNorm.DEFAULT, new Flatten()));
    cases.add(
        pictures(
            "batch norm of a vector",
            new Flatten(),
            Dense.of(4, TANH),
            new BatchNorm(0.5, 1e-3),
            new ActivationLayer(TANH)));
    cases.add(
        pictures("batch norm right after flatten", conv, new Flatten(), new BatchNorm(0.9, 1e-2)));
    cases.add(
        pictures(
            "two batch norms",
            conv,
            BatchNorm.DEFAULT,
            Pooling.of(MAX, 2),
            conv(2, 2, 1, 1, 1, 1, SAME, true),
            BatchNorm.DEFAULT,
            new Flatten()));
    cases.add(pictures("no hidden layer", new Flatten()));
    cases.add(pictures("flatten twice", new Flatten(), Dense.of(3, TANH), new Flatten()));
    cases.add(
        pictures(
            "dense without bias",
            new Flatten(),
            new Dense(3, TANH, false, Initialiser.GLOROT_NORMAL)));
    cases.add(
        of(
            "sigmoid output",
            new Shape.Image(4, 3, 1),
            2,
            5,
            List.of(conv, new Flatten(), Dense.of(1, SIGMOID))));
    cases.add(
        of(
            "sigmoid output without bias",
            new Shape.Image(4, 3, 1),
            2,
            5,
            List.of(new Flatten(), new Dense(1, SIGMOID, false, Initialiser.LECUN_NORMAL))));
    cases.add(
        of(
            "one pixel, one example",
            new Shape.Image(1, 1, 1),
            2,
            1,
            List.of(
                conv(1, 1, 1, 1, 1, 1, SAME, true),
                Pooling.of(MAX, 1),
                new GlobalPooling(AVERAGE),
                Dense.of(2, SOFTMAX))));
  }

  private static void groups(List<EngineCase> cases) {
    LayerSpec four = Convolution.of(4, 2, SAME, TANH);
    cases.add(
        pictures(
            "conv depthwise of the picture",
            grouped(3, 3, 3, 1, 1, 1, VALID, TANH, true),
            new Flatten()));
    cases.add(
        pictures(
            "conv depthwise, multiplier 2, stride 2",
            four,
            grouped(8, Convolution.DEPTHWISE, 3, 2, 2, 1, SAME, SIGMOID, true),
            new Flatten()));
    cases.add(
        pictures(
            "conv depthwise, without bias, dilation 2",
            four,
            grouped(4, 4, 2, 2, 1, 2, SAME, IDENTITY, false),
            BatchNorm.DEFAULT,
            new Flatten()));
    cases.add(
        pictures(
            "conv depthwise explicit 1, odd rest",
            grouped(3, 3, 3, 3, 2, 1, new Padding.Explicit(1, 1), SWISH, true),
            new Flatten()));
    cases.add(
        new EngineCase(
            "conv depthwise of one channel",
            new Shape.Image(4, 3, 1),
            3,
            2,
            NetworkSpec.chain(
                "custom",
                List.of(
                    grouped(2, Convolution.DEPTHWISE, 2, 2, 1, 1, VALID, TANH, true),
                    new Flatten(),
                    Dense.of(Dense.CLASSES, SOFTMAX)))));
    cases.add(
        pictures(
            "conv of 2 groups", four, grouped(6, 2, 3, 2, 1, 1, SAME, TANH, true), new Flatten()));
    cases.add(
        pictures(
            "conv of 2 groups without bias, stride 2",
            four,
            grouped(2, 2, 2, 3, 2, 1, VALID, IDENTITY, false),
            BatchNorm.DEFAULT,
            new Flatten()));
    cases.add(
        pictures(
            "conv of 3 groups, dilation 2, then 2 groups",
            Convolution.of(6, 1, SAME, TANH),
            grouped(6, 3, 2, 2, 1, 2, SAME, ELU, true),
            grouped(4, 2, 2, 2, 1, 1, VALID, TANH, true),
            new GlobalPooling(AVERAGE)));
  }

  private static Convolution grouped(
      int filters,
      int groups,
      int height,
      int width,
      int stride,
      int dilation,
      Padding padding,
      Activation activation,
      boolean bias) {
    return new Convolution(
        filters,
        new Extent(height, width),
        Extent.square(stride),
        padding,
        Extent.square(dilation),
        groups,
        activation,
        bias,
        Initialiser.GLOROT_UNIFORM);
  }

  private static void joins(List<EngineCase> cases) {
    LayerSpec conv = Convolution.of(3, 2, SAME, TANH);
    LayerSpec linear = Convolution.of(3, 2, SAME, IDENTITY);
    for (Activation activation : List.of(IDENTITY, RELU, TANH, SWISH)) {
      cases.add(
          graph(
              "add of two, " + activation,
              node("a", conv),
              node("b", linear),
              node("", new Add(activation), "a", "b"),
              node("", new Flatten())));
    }
    // A concatenation hands its gradient back in one layout, the convolutions want another: the
    // sum's
    // two summands must not share the copy that they change.
    LayerSpec wide = Convolution.of(16, 3, SAME, RELU);
    LayerSpec wider = Convolution.of(16, 3, SAME, TANH);
    cases.add(
        graph(
            "add whose gradient is laid out anew for each summand",
            node("a", wide),
            node("b", wider, "input"),
            node("sum", new Add(IDENTITY), "a", "b"),
            node("c", Convolution.of(16, 1, SAME, TANH), "input"),
            node("", new Concat(), "sum", "c"),
            node("", new GlobalPooling(AVERAGE))));
    cases.add(
        graph(
            "add of three, one of them the picture",
            node("a", conv),
            node("b", conv, "input"),
            node("", new Add(ELU), "b", "input", "a"),
            node("", new Flatten())));
    cases.add(
        graph(
            "add of lists",
            node("flat", new Flatten()),
            node("a", Dense.of(4, TANH)),
            node("b", Dense.of(4, SIGMOID), "flat"),
            node("", new Add(TANH), "a", "b")));
    cases.add(
        graph(
            "residual block with batch norm and a projection",
            node("stem", conv),
            node(
                "a",
                new Convolution(
                    4,
                    new Extent(3, 3),
                    new Extent(2, 2),
                    SAME,
                    Extent.ONE,
                    1,
                    IDENTITY,
                    false,
                    Initialiser.HE_NORMAL)),
            node("an", BatchNorm.DEFAULT),
            node("at", new ActivationLayer(TANH)),
            node("b", Convolution.of(4, 2, SAME, IDENTITY)),
            node("bn", BatchNorm.DEFAULT),
            node(
                "c",
                new Convolution(
                    4,
                    Extent.ONE,
                    new Extent(2, 2),
                    VALID,
                    Extent.ONE,
                    1,
                    IDENTITY,
                    false,
                    Initialiser.HE_NORMAL),
                "stem"),
            node("cn", BatchNorm.DEFAULT),
            node("sum", new Add(TANH), "bn", "cn"),
            node("", new GlobalPooling(AVERAGE))));
    cases.add(
        graph(
            "concat of pictures",
            node("a", conv),
            node("b", new Pooling(MAX, new Extent(2, 2), Extent.ONE, SAME), "input"),
            node("c", Convolution.of(2, 1, SAME, IDENTITY), "a"),
            node("", new Concat(), "c", "b", "a"),
            node(
                "",
                new Convolution(
                    2,
                    new Extent(2, 2),
                    Extent.ONE,
                    VALID,
                    Extent.ONE,
                    1,
                    TANH,
                    true,
                    Initialiser.HE_NORMAL)),
            node("", new Flatten())));
    cases.add(
        graph(
            "concat of lists",
            node("flat", new Flatten()),
            node("a", Dense.of(2, TANH)),
            node("mean", new GlobalPooling(AVERAGE), "input"),
            node("", new Concat(), "mean", "a", "flat"),
            node("", new BatchNorm(0.5, 1e-3))));
    cases.add(
        graph(
            "concat of a concat and a sum",
            node("a", conv),
            node("b", conv),
            node("ab", new Concat(), "a", "b"),
            node("sum", new Add(IDENTITY), "a", "b"),
            node("all", new Concat(), "ab", "sum"),
            node("pad", new ZeroPadding(1, 0, 0, 1)),
            node("", new GlobalPooling(MAX))));
    cases.add(
        graph(
            "names against the alphabet, grouped in a branch",
            node("z", Convolution.of(4, 2, SAME, TANH)),
            node("y", Convolution.of(4, 2, SAME, TANH), "input"),
            node("x", grouped(4, 2, 2, 2, 1, 1, SAME, TANH, true), "z"),
            node("w", grouped(4, Convolution.DEPTHWISE, 2, 2, 1, 1, SAME, TANH, true), "y"),
            node("v", new Add(SIGMOID), "x", "w"),
            node("u", new Flatten()),
            node("t", new Flatten())));
  }

  private static NodeSpec node(String name, LayerSpec layer, String... inputs) {
    return new NodeSpec(name, List.of(inputs), layer);
  }

  private static EngineCase graph(String name, NodeSpec... hidden) {
    List<NodeSpec> nodes = new ArrayList<>(Arrays.asList(hidden));
    nodes.add(NodeSpec.of(Dense.of(Dense.CLASSES, SOFTMAX)));
    return new EngineCase(name, new Shape.Image(5, 6, 3), 4, 3, new NetworkSpec("custom", nodes));
  }

  private static LayerSpec conv(
      int height,
      int width,
      int strideY,
      int strideX,
      int dilationY,
      int dilationX,
      Padding padding,
      boolean bias) {
    return new Convolution(
        2,
        new Extent(height, width),
        new Extent(strideY, strideX),
        padding,
        new Extent(dilationY, dilationX),
        1,
        TANH,
        bias,
        Initialiser.GLOROT_UNIFORM);
  }

  /** Three examples of 5 x 6 x 3 and four classes; softmax comes by itself. */
  private static EngineCase pictures(String name, LayerSpec... hidden) {
    List<LayerSpec> layers = new ArrayList<>(Arrays.asList(hidden));
    layers.add(Dense.of(Dense.CLASSES, SOFTMAX));
    return of(name, new Shape.Image(5, 6, 3), 4, 3, layers);
  }

  public NetworkPlan plan() {
    return network.compile(input, classes);
  }

  public PixelScaling scaling() {
    return PixelScaling.symmetric(input.channels());
  }

  public Workload workload(Updater updater, double l2) {
    return Workloads.of(plan(), scaling(), updater, l2, batch);
  }

  /** With every setting of a step. */
  public Workload workload(
      Objective objective,
      Updater updater,
      Regularisation regularisation,
      GradientClipping clipping) {
    return new Workload(plan(), scaling(), objective, updater, regularisation, clipping, batch);
  }

  /** Parameters none of which is at a special value; running variances are positive. */
  public float[] parameters() {
    NetworkPlan plan = plan();
    float[] parameters = plan.initialParameters(SEED);
    RandomStream random = RandomStream.of(SEED, Purpose.INITIALISATION, name.hashCode());
    for (ParameterBlock block : plan.blocks()) {
      for (int i = block.offset(); i < block.end(); i++) {
        parameters[i] += (float) (0.3 * random.nextDouble());
      }
    }
    return parameters;
  }

  /** Random pixels and labels, different for every {@code step}. */
  public Minibatch minibatch(int size, int step) {
    return minibatch(input, classes, size, step);
  }

  public static Minibatch minibatch(Shape.Image input, int classes, int size, int step) {
    RandomStream random = RandomStream.of(SEED, Purpose.EXAMPLE_ORDER, step);
    byte[] pixels = new byte[size * input.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(256);
    }
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      labels[i] = random.nextInt(classes);
    }
    String[] origins = new String[size];
    Arrays.fill(origins, "random");
    PixelBlock block = new PixelBlock(input, pixels, labels, origins);
    Minibatch minibatch = new Minibatch(input, size);
    for (int i = 0; i < size; i++) {
      minibatch.add(block, i);
    }
    return minibatch;
  }
}
