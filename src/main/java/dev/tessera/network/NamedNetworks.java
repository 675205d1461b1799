package dev.tessera.network;

import static dev.tessera.network.Activation.RELU;
import static dev.tessera.network.Activation.SOFTMAX;
import static dev.tessera.network.Activation.TANH;
import static dev.tessera.network.Padding.SAME;
import static dev.tessera.network.Padding.VALID;
import static dev.tessera.network.PoolingKind.AVERAGE;
import static dev.tessera.network.PoolingKind.MAX;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The networks a job can ask for by name. */
public final class NamedNetworks {
  private static final Map<String, NetworkSpec> NETWORKS = networks();

  private NamedNetworks() {}

  /** All names, in the order the documentation lists them. */
  public static List<String> names() {
    return List.copyOf(NETWORKS.keySet());
  }

  /**
   * The network of that name. @throws IllegalArgumentException if there is none, listing those
   * there are
   */
  public static NetworkSpec named(String name) {
    NetworkSpec network = NETWORKS.get(name);
    if (network == null) {
      throw new IllegalArgumentException(
          "There is no network named `"
              + name
              + "`. Use one of "
              + String.join(", ", names())
              + ", or { layers = [ ... ] }.");
    }
    return network;
  }

  private static Map<String, NetworkSpec> networks() {
    Map<String, NetworkSpec> networks = new LinkedHashMap<>();
    Stream.of(
            NetworkSpec.chain("reference", reference()),
            NetworkSpec.chain("lenet5", lenet5()),
            NetworkSpec.chain("article", article()),
            NetworkSpec.chain("vgg11", vgg11()),
            ResidualNetworks.resnet18(),
            ResidualNetworks.resnet50(),
            NetworkSpec.chain("mobilenet", mobilenet()))
        .forEach(network -> networks.put(network.name(), network));
    return networks;
  }

  /**
   * The project's yardstick: 158,122 parameters on 3 channels and 10 classes, any picture from 16 x
   * 16. It starts from Glorot's weights and not from He's, which are larger: at the usual rates it
   * learns steadier by them, as under batch norm a step moves large weights less.
   */
  private static List<LayerSpec> reference() {
    return Stream.<LayerSpec>of(
            conv3(32),
            conv3(32),
            Pooling.of(MAX, 2),
            BatchNorm.DEFAULT,
            new Dropout(0.25),
            conv3(64),
            conv3(64),
            Pooling.of(MAX, 2),
            BatchNorm.DEFAULT,
            new Dropout(0.25),
            conv3(128),
            BatchNorm.DEFAULT,
            new GlobalPooling(AVERAGE),
            Dense.of(128, RELU),
            new Dropout(0.5),
            Dense.of(Dense.CLASSES, SOFTMAX))
        .map(layer -> withInitialiser(layer, Initialiser.GLOROT_UNIFORM))
        .toList();
  }

  private static LayerSpec withInitialiser(LayerSpec layer, Initialiser initialiser) {
    if (layer instanceof Convolution convolution) {
      return convolution.withInitialiser(initialiser);
    }
    return layer instanceof Dense dense ? dense.withInitialiser(initialiser) : layer;
  }

  /**
   * LeCun et al., "Gradient-based learning applied to document recognition", 1998, with dense
   * layers and softmax in place of its last two.
   */
  private static List<LayerSpec> lenet5() {
    return List.of(
        Convolution.of(6, 5, SAME, TANH),
        Pooling.of(AVERAGE, 2),
        Convolution.of(16, 5, VALID, TANH),
        Pooling.of(AVERAGE, 2),
        new Flatten(),
        Dense.of(120, TANH),
        Dense.of(84, TANH),
        Dense.of(Dense.CLASSES, SOFTMAX));
  }

  /** The classic tutorial network for pictures of 224 x 224 x 3. */
  private static List<LayerSpec> article() {
    List<LayerSpec> layers = new ArrayList<>();
    for (int block = 0; block < 3; block++) {
      layers.addAll(List.of(conv3(32), Pooling.of(MAX, 2), BatchNorm.DEFAULT, new Dropout(0.25)));
    }
    layers.addAll(
        List.of(
            new Flatten(),
            Dense.of(128, RELU),
            new Dropout(0.5),
            Dense.of(Dense.CLASSES, SOFTMAX)));
    return layers;
  }

  /**
   * Simonyan and Zisserman 2014, configuration A, without batch norm; 132,863,336 parameters at 224
   * x 224 x 3 and 1,000 classes. From 32 x 32.
   */
  private static List<LayerSpec> vgg11() {
    List<LayerSpec> layers = new ArrayList<>();
    int[][] blocks = {{64}, {128}, {256, 256}, {512, 512}, {512, 512}};
    for (int[] block : blocks) {
      for (int filters : block) {
        layers.add(conv3(filters));
      }
      layers.add(Pooling.of(MAX, 2));
    }
    layers.addAll(
        List.of(
            new Flatten(),
            Dense.of(4096, RELU),
            new Dropout(0.5),
            Dense.of(4096, RELU),
            new Dropout(0.5),
            Dense.of(Dense.CLASSES, SOFTMAX)));
    return layers;
  }

  /**
   * Howard et al., "MobileNets", 2017, at full width: 4,231,976 trainable parameters on 3 channels
   * and 1,000 classes. From 32 x 32.
   */
  private static List<LayerSpec> mobilenet() {
    List<LayerSpec> layers = new ArrayList<>();
    addNormalised(layers, conv(32, 3, 2, 1));
    int[][] blocks = {
      {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1},
      {512, 1}, {512, 1}, {1024, 2}, {1024, 1}
    };
    int channels = 32;
    for (int[] block : blocks) {
      addNormalised(layers, conv(channels, 3, block[1], Convolution.DEPTHWISE));
      addNormalised(layers, conv(block[0], 1, 1, 1));
      channels = block[0];
    }
    layers.addAll(List.of(new GlobalPooling(AVERAGE), Dense.of(Dense.CLASSES, SOFTMAX)));
    return layers;
  }

  private static void addNormalised(List<LayerSpec> layers, Convolution conv) {
    layers.addAll(List.of(conv, BatchNorm.DEFAULT, new ActivationLayer(RELU)));
  }

  private static Convolution conv(int filters, int kernel, int stride, int groups) {
    return new Convolution(
        filters,
        Extent.square(kernel),
        Extent.square(stride),
        SAME,
        Extent.ONE,
        groups,
        Activation.IDENTITY,
        false,
        Initialiser.HE_NORMAL);
  }

  private static Convolution conv3(int filters) {
    return Convolution.of(filters, 3, SAME, RELU);
  }
}
