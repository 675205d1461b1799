package dev.tessera.engine.onednn;

import dev.tessera.network.Activation;
import dev.tessera.network.ActivationLayer;
import dev.tessera.network.Add;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.GlobalPooling;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.Pooling;
import dev.tessera.network.PoolingKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides which layers run as one primitive. Pure; loads nothing native. */
final class Fusion {
  private final NetworkPlan network;
  private final boolean training;
  private final List<List<LayerPlan>> readers = new ArrayList<>();
  private final Set<Integer> taken = new HashSet<>();

  private Fusion(NetworkPlan network, boolean training) {
    this.network = network;
    this.training = training;
    network.layers().forEach(layer -> readers.add(new ArrayList<>()));
    for (LayerPlan layer : network.layers()) {
      for (int source : layer.sources()) {
        if (source != LayerPlan.NETWORK_INPUT) {
          readers.get(source).add(layer);
        }
      }
    }
  }

  /** The stages in the order in which they run; every layer is in one of them. */
  static List<Stage> stages(NetworkPlan network, boolean training) {
    Fusion fusion = new Fusion(network, training);
    List<Stage> stages = new ArrayList<>();
    for (LayerPlan layer : network.layers()) {
      if (!fusion.taken.contains(layer.index())) {
        stages.add(fusion.stage(layer));
      }
    }
    return stages;
  }

  /** Every layer by itself, with no more than its own activation, in inference mode. */
  static List<Stage> apart(NetworkPlan network) {
    Fusion fusion = new Fusion(network, false);
    return network.layers().stream()
        .map(layer -> new Stage(layer, fusion.own(layer), layer.index(), false))
        .toList();
  }

  private List<PostOp> own(LayerPlan layer) {
    Activation own = activation(layer);
    return own == Activation.IDENTITY ? List.of() : List.of(new PostOp.Activate(own));
  }

  private Stage stage(LayerPlan layer) {
    List<PostOp> after = new ArrayList<>(own(layer));
    LayerPlan last = layer;
    for (LayerPlan next = onlyReader(last); next != null; next = onlyReader(last)) {
      List<PostOp> more = joined(layer, after, last, next);
      if (more.isEmpty()) {
        break;
      }
      after.addAll(more);
      taken.add(next.index());
      last = next;
    }
    return new Stage(layer, after, last.index(), masksLater(after, last));
  }

  /** What {@code next} adds to the stage, or nothing if it can't be part of it. */
  private List<PostOp> joined(LayerPlan first, List<PostOp> after, LayerPlan last, LayerPlan next) {
    LayerSpec spec = next.spec();
    if (spec instanceof ActivationLayer layer && takesActivation(first.spec(), after, layer)) {
      return List.of(new PostOp.Activate(layer.activation()));
    }
    if (training || !isHeavy(first.spec())) {
      return List.of();
    }
    if (spec instanceof BatchNorm) {
      return List.of(new PostOp.Normalise(next));
    }
    if (spec instanceof Add add && first.spec() instanceof Convolution) {
      return addition(first, last, next, add);
    }
    return List.of();
  }

  private boolean takesActivation(LayerSpec first, List<PostOp> after, ActivationLayer layer) {
    if (layer.activation() == Activation.IDENTITY) {
      return false;
    }
    if (first instanceof BatchNorm) {
      return after.isEmpty() && layer.activation() == Activation.RELU;
    }
    if (!(first instanceof Convolution || first instanceof Dense || first instanceof Add)) {
      return false;
    }
    return training ? after.isEmpty() : true;
  }

  /** The other summand must have run before the stage does. */
  private static List<PostOp> addition(LayerPlan first, LayerPlan last, LayerPlan next, Add add) {
    if (next.sources().size() != 2) {
      return List.of();
    }
    int other =
        next.sources().get(0) == last.index() ? next.sources().get(1) : next.sources().get(0);
    if (other >= first.index() || other == LayerPlan.NETWORK_INPUT) {
      return List.of();
    }
    List<PostOp> result = new ArrayList<>();
    result.add(new PostOp.AddTo(other));
    if (add.activation() != Activation.IDENTITY) {
      result.add(new PostOp.Activate(add.activation()));
    }
    return result;
  }

  private boolean masksLater(List<PostOp> after, LayerPlan last) {
    LayerPlan next = onlyReader(last);
    return training
        && after.equals(List.of(new PostOp.Activate(Activation.RELU)))
        && next != null
        && next.spec() instanceof Pooling pooling
        && pooling.function() == PoolingKind.MAX;
  }

  private static boolean isHeavy(LayerSpec spec) {
    return spec instanceof Convolution
        || spec instanceof Dense
        || spec instanceof Pooling
        || spec instanceof GlobalPooling;
  }

  private Activation activation(LayerPlan layer) {
    if (layer.spec() instanceof Convolution convolution) {
      return convolution.activation();
    }
    if (layer.spec() instanceof Add add) {
      return add.activation();
    }
    if (layer.spec() instanceof Dense dense) {
      // The output's softmax or sigmoid belongs to the loss.
      return layer.index() == network.layers().size() - 1
          ? Activation.IDENTITY
          : dense.activation();
    }
    return Activation.IDENTITY;
  }

  /** The layer that alone reads {@code layer}. */
  private @Nullable LayerPlan onlyReader(LayerPlan layer) {
    List<LayerPlan> all = readers.get(layer.index());
    return all.size() == 1 ? all.get(0) : null;
  }
}
