package dev.tessera.engine.nd4j;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Classical momentum, which DL4J lacks: {@code v = mu v - lr g; w += v} (Polyak 1964). The state is
 * v, laid out as that of DL4J's {@code Nesterovs}, which takes its place in model files.
 */
final class PolyakMomentum implements IUpdater {
  private static final long serialVersionUID = 1L;

  private final double momentum;
  private @Nullable ISchedule rate;

  PolyakMomentum(double momentum) {
    this.momentum = momentum;
  }

  @Override
  public long stateSize(long parameters) {
    return parameters;
  }

  @Override
  public GradientUpdater<PolyakMomentum> instantiate(INDArray state, boolean initialise) {
    Step step = new Step(this, state);
    step.setStateViewArray(state, state.shape(), state.ordering(), initialise);
    return step;
  }

  @Override
  public GradientUpdater<PolyakMomentum> instantiate(
      Map<String, INDArray> state, boolean initialise) {
    throw new UnsupportedOperationException("The state of momentum is one flat array");
  }

  @Override
  public double getLearningRate(int iteration, int epoch) {
    if (rate == null) {
      throw new IllegalStateException("Momentum has no learning rate yet");
    }
    return rate.valueAt(iteration, epoch);
  }

  @Override
  public boolean hasLearningRate() {
    return true;
  }

  @Override
  public void setLrAndSchedule(double constant, ISchedule schedule) {
    rate = schedule;
  }

  @Override
  @SuppressWarnings({"MethodDoesntCallSuperMethod", "CloneDoesntCallSuperClone"})
  public IUpdater clone() {
    PolyakMomentum copy = new PolyakMomentum(momentum);
    copy.rate = rate;
    return copy;
  }

  /** DL4J joins the parameters of neighbouring layers whose updaters are equal. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PolyakMomentum that && that.momentum == momentum && that.rate == rate;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(momentum);
  }

  /** DL4J's side of the formula: the update is what it subtracts from the parameters. */
  private static final class Step implements GradientUpdater<PolyakMomentum> {
    private final PolyakMomentum config;
    private INDArray velocity;

    Step(PolyakMomentum config, INDArray state) {
      this.config = config;
      this.velocity = state;
    }

    @Override
    public PolyakMomentum getConfig() {
      return config;
    }

    @Override
    public void setState(Map<String, INDArray> state, boolean initialise) {
      throw new UnsupportedOperationException("The state of momentum is one flat array");
    }

    @Override
    public Map<String, INDArray> getState() {
      return Map.of("V", velocity);
    }

    @Override
    public void setStateViewArray(
        INDArray state, long[] gradientShape, char gradientOrder, boolean initialise) {
      velocity = state.reshape(state.length());
      if (initialise) {
        velocity.assign(0);
      }
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
      gradient.muli(config.getLearningRate(iteration, epoch));
      velocity.muli(config.momentum).subi(gradient);
      gradient.assign(velocity).negi();
    }
  }
}
