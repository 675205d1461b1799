package dev.tessera.engine.nd4j;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.image.ImageSettings;
import java.util.List;

/**
 * Everything a model file holds.
 *
 * @param workload the network, its scaling of pixels, and how it was trained
 * @param image what pictures are brought to before they reach the network
 * @param classNames one for each class, in the order of the outputs
 */
public record StoredModel(
    Workload workload,
    ImageSettings image,
    List<String> classNames,
    RunFacts facts,
    ReplicaState state) {
  public StoredModel {
    classNames = List.copyOf(classNames);
    if (classNames.size() != workload.network().classes()) {
      throw new IllegalArgumentException(
          "Invalid model: "
              + classNames.size()
              + " class names for "
              + workload.network().classes()
              + " classes");
    }
    if (!image.shape().equals(workload.network().input())) {
      throw new IllegalArgumentException(
          "Invalid model: pictures of "
              + image.shape()
              + " for a network that takes "
              + workload.network().input());
    }
    check("parameters", state.parameters().length, workload.network().parameterCount());
    check("values of updater state", state.updaterState().length, workload.updaterStateCount());
  }

  private static void check(String what, int found, int expected) {
    if (found != expected) {
      throw new IllegalArgumentException(
          "Invalid model: " + found + " " + what + " where the network has " + expected);
    }
  }
}
