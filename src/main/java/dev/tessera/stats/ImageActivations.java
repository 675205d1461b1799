package dev.tessera.stats;

import java.io.Serializable;
import java.util.List;

/**
 * What the layers of a network make of one image, small enough that some may travel to the driver.
 *
 * @param probabilities of the most probable classes, the largest first, at most five; the image's
 *     own class comes last if it is not among them
 * @param layers in the network's order, some or all of them
 */
public record ImageActivations(
    ShownExample example,
    SmallPicture picture,
    List<ClassProbability> probabilities,
    List<Layer> layers)
    implements Serializable {
  public ImageActivations {
    probabilities = List.copyOf(probabilities);
    layers = List.copyOf(layers);
  }

  /**
   * What one layer makes of it.
   *
   * @param index of the layer in its network
   */
  public record Layer(int index, ChannelMaps maps) implements Serializable {}
}
