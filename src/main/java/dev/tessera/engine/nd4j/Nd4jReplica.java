package dev.tessera.engine.nd4j;

import dev.tessera.engine.ActivationListener;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepResult;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Workload;
import dev.tessera.image.Minibatch;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.ParameterRole;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network of DL4J's.
 *
 * <p>Memory: parameters, gradients, updater state and the minibatch are allocated here and freed by
 * {@link #close()}. Activations live in ND4J's workspaces, which belong to the thread that steps
 * and are shared by all replicas on it; they settle after the first steps, and {@code close}
 * destroys those of its thread. DL4J allocates small arrays outside of them in every step (sums,
 * views), which ND4J frees when Java's collector finds them.
 *
 * <p>The loss is summed in double over the output's values before softmax or sigmoid; the l1 and l2
 * terms in double over the weights before the update.
 */
final class Nd4jReplica implements Replica {
  private final Workload workload;
  private final List<ParameterBlock> weights;
  private final StepRate rate = new StepRate();
  private final Dl4jNetwork network;
  private final SummedLoss loss;
  private final FlatView parameters;
  private final FlatView updaterState;
  private final PixelInput pixels;
  private final LabelInput labels;
  private boolean closed;

  Nd4jReplica(Workload workload) {
    this.workload = workload;
    NetworkPlan plan = workload.network();
    weights = plan.blocks().stream().filter(b -> b.role() == ParameterRole.WEIGHT).toList();
    network = Dl4jNetwork.open(workload, rate);
    if (GradientRules.needed(workload)) {
      network.rule(new GradientRules(workload, network.parameters(), network.gradients(), rate));
    }
    loss = lossOf(network);
    parameters = new FlatView("parameters", network.parameters());
    updaterState = new FlatView("updater state", network.updaterState());
    pixels = new PixelInput(plan.input(), workload.scaling(), workload.batchSize());
    labels = new LabelInput(plan, workload.objective(), workload.batchSize());
  }

  private static SummedLoss lossOf(Dl4jNetwork network) {
    BaseOutputLayer output = (BaseOutputLayer) network.outputLayer().conf().getLayer();
    return (SummedLoss) output.getLossFn();
  }

  @Override
  public void load(ReplicaState state) {
    checkOpen();
    parameters.load(state.parameters());
    updaterState.load(state.updaterState());
  }

  @Override
  public void store(ReplicaState into) {
    checkOpen();
    parameters.store(into.parameters());
    updaterState.store(into.updaterState());
  }

  @Override
  public StepResult step(Minibatch minibatch, StepSettings settings) {
    checkOpen();
    workload.check(minibatch);
    workload.checkLabels(minibatch);
    double penalty = penalty();
    seed(settings.dropoutSeed());
    rate.set(settings.learningRate());
    network.iteration(Math.toIntExact(settings.iteration()));
    INDArray targets = labels.fill(minibatch);
    loss.weigh(labels.weights());
    network.fit(pixels.fill(minibatch), targets);
    double mean = loss.lastSum() / minibatch.size();
    return new StepResult(mean, mean + penalty);
  }

  /**
   * ND4J's generator belongs to the thread: seeding it in every step makes the masks independent of
   * whatever drew from it before. It takes a seed of 0 for the time of day and looks at the lower
   * 32 bits alone, so both halves are folded into them and a bit above is set.
   */
  private static void seed(long seed) {
    long folded = (seed ^ (seed >>> 32)) & 0xffffffffL;
    Nd4j.getRandom().setSeed(folded | 1L << 32);
  }

  /** What regularisation adds to the loss. */
  private double penalty() {
    double l1 = workload.regularisation().l1();
    double l2 = workload.regularisation().l2();
    double penalty = 0;
    for (ParameterBlock block : weights) {
      if (l1 != 0) {
        penalty += l1 * parameters.sumOfAbsolutes(block.offset(), block.end());
      }
      if (l2 != 0) {
        penalty += l2 / 2 * parameters.sumOfSquares(block.offset(), block.end());
      }
    }
    return penalty;
  }

  @Override
  public void infer(Minibatch minibatch, float[] probabilities) {
    checkOpen();
    workload.check(minibatch);
    int values = minibatch.size() * labels.columns();
    if (probabilities.length < values) {
      throw new IllegalArgumentException(
          "Cannot put " + values + " probabilities into an array of " + probabilities.length);
    }
    try (INDArray output = network.output(pixels.fill(minibatch))) {
      new Matrix(output).copyTo(probabilities);
    }
  }

  /** In arrays that are freed at the end: all layers' values live at once. */
  @Override
  public void activations(Minibatch minibatch, ActivationListener listener) {
    checkOpen();
    workload.check(minibatch);
    INDArray pictures = pixels.fill(minibatch);
    network.activations(pictures, new PassedOn(workload.network().layers(), pictures, listener));
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("Cannot use " + this + ": it is closed");
    }
  }

  /** Without DL4J's own {@code close}, which also calls for a full collection. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    pixels.close();
    labels.close();
    free(network.updaterState());
    free(network.gradients());
    free(network.parameters());
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }

  static void free(@Nullable INDArray array) {
    if (array != null && array.closeable()) {
      array.close();
    }
  }

  @Override
  public String toString() {
    return "nd4j replica of "
        + workload.network().name()
        + " for minibatches of "
        + workload.batchSize();
  }
}
