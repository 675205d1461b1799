package dev.tessera.network;

import java.util.ArrayList;
import java.util.List;

/**
 * He et al., "Deep residual learning for image recognition", 2015, as torchvision has them, batch
 * norm's momentum in our terms (torchvision's 0.1 is our 0.9). Any picture from 32 x 32.
 */
final class ResidualNetworks {
  private final List<NodeSpec> nodes = new ArrayList<>();
  private int channels = 64;

  private ResidualNetworks() {}

  /** 11,689,512 trainable parameters on 3 channels and 1,000 classes. */
  static NetworkSpec resnet18() {
    return new ResidualNetworks().build("resnet18", new int[] {2, 2, 2, 2}, false);
  }

  /** Version 1.5, which strides in the 3 x 3: 25,557,032 trainable parameters likewise. */
  static NetworkSpec resnet50() {
    return new ResidualNetworks().build("resnet50", new int[] {3, 4, 6, 3}, true);
  }

  private NetworkSpec build(String name, int[] blocks, boolean bottleneck) {
    nodes.add(named("stem", convolution(channels, 7, 2)));
    nodes.add(NodeSpec.of(BatchNorm.DEFAULT));
    nodes.add(NodeSpec.of(new ActivationLayer(Activation.RELU)));
    nodes.add(
        named(
            "stemPool",
            new Pooling(
                PoolingKind.MAX, Extent.square(3), Extent.square(2), new Padding.Explicit(1, 1))));
    String last = "stemPool";
    for (int stage = 0; stage < blocks.length; stage++) {
      for (int i = 0; i < blocks[stage]; i++) {
        int stride = stage > 0 && i == 0 ? 2 : 1;
        String block = "block" + (stage + 1) + "-" + (i + 1);
        addBlock(block, last, 64 << stage, stride, bottleneck);
        last = block;
      }
    }
    nodes.add(NodeSpec.of(new GlobalPooling(PoolingKind.AVERAGE)));
    nodes.add(NodeSpec.of(Dense.of(Dense.CLASSES, Activation.SOFTMAX)));
    return new NetworkSpec(name, nodes);
  }

  /** Convolutions on the one way, the input or its projection on the other, and their sum. */
  private void addBlock(String name, String input, int width, int stride, boolean bottleneck) {
    int outputs = bottleneck ? 4 * width : width;
    if (bottleneck) {
      addConvolution(name + "-conv1", input, convolution(width, 1, 1), true);
      addConvolution(name + "-conv2", "", convolution(width, 3, stride), true);
      addConvolution(name + "-conv3", "", convolution(outputs, 1, 1), false);
    } else {
      addConvolution(name + "-conv1", input, convolution(width, 3, stride), true);
      addConvolution(name + "-conv2", "", convolution(outputs, 3, 1), false);
    }
    String residual = (bottleneck ? name + "-conv3" : name + "-conv2") + "-norm";
    String shortcut = input;
    if (stride > 1 || channels != outputs) {
      addConvolution(name + "-shortcut", input, convolution(outputs, 1, stride), false);
      shortcut = name + "-shortcut-norm";
    }
    nodes.add(new NodeSpec(name, List.of(residual, shortcut), new Add(Activation.RELU)));
    channels = outputs;
  }

  private void addConvolution(String name, String input, Convolution layer, boolean relu) {
    nodes.add(new NodeSpec(name, input.isEmpty() ? List.of() : List.of(input), layer));
    nodes.add(named(name + "-norm", BatchNorm.DEFAULT));
    if (relu) {
      nodes.add(NodeSpec.of(new ActivationLayer(Activation.RELU)));
    }
  }

  private static NodeSpec named(String name, LayerSpec layer) {
    return new NodeSpec(name, List.of(), layer);
  }

  private static Convolution convolution(int filters, int kernel, int stride) {
    return new Convolution(
        filters,
        Extent.square(kernel),
        Extent.square(stride),
        kernel == 1 ? Padding.VALID : new Padding.Explicit(kernel / 2, kernel / 2),
        Extent.ONE,
        1,
        Activation.IDENTITY,
        false,
        Initialiser.HE_NORMAL);
  }
}
