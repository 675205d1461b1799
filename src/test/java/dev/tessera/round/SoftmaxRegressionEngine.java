package dev.tessera.round;

import dev.tessera.engine.ActivationListener;
import dev.tessera.engine.Engine;
import dev.tessera.engine.EngineRuntime;
import dev.tessera.engine.MemoryPlan;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepResult;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Support;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.image.Minibatch;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.io.Serializable;

/**
 * A small engine that really trains: flatten, then dense with softmax, in nested loops over
 * doubles. Knows sgd, nesterov and adam.
 *
 * @param masked whether a quarter of the inputs is dropped in training, drawn from the step's seed
 */
public record SoftmaxRegressionEngine(boolean masked, Fault fault, Ledger ledger)
    implements Engine {

  /** What goes wrong in a step, by what it is given. */
  @FunctionalInterface
  public interface Fault extends Serializable {
    Fault NONE = (minibatch, settings) -> Damage.NONE;

    Damage of(Minibatch minibatch, StepSettings settings);
  }

  public enum Damage {
    NONE,
    LOSS_NAN,
    PARAMETER_INFINITE,
    STATE_NAN,
    THROW
  }

  /** Counts opened and closed replicas. */
  public static final class Ledger implements Serializable {
    private static final long serialVersionUID = 1L;

    private int opened;
    private int closed;

    int opened() {
      return opened;
    }

    int open() {
      return opened - closed;
    }
  }

  static SoftmaxRegressionEngine plain() {
    return new SoftmaxRegressionEngine(false, Fault.NONE, new Ledger());
  }

  public static SoftmaxRegressionEngine withMasks() {
    return new SoftmaxRegressionEngine(true, Fault.NONE, new Ledger());
  }

  public static SoftmaxRegressionEngine failing(Fault fault) {
    return new SoftmaxRegressionEngine(false, fault, new Ledger());
  }

  @Override
  public String name() {
    return "softmax-regression";
  }

  @Override
  public Support supports(Workload workload) {
    return Support.YES;
  }

  @Override
  public MemoryPlan plan(Workload workload) {
    return new MemoryPlan(0, 0, 0);
  }

  @Override
  public EngineRuntime runtime(int threads) {
    return new EngineRuntime(
        "softmax", "any", "none", "", "", EngineRuntime.UNLIMITED, EngineRuntime.UNLIMITED);
  }

  @Override
  public Replica open(Workload workload, int threads) {
    ledger.opened++;
    return new Regression(workload);
  }

  private final class Regression implements Replica {
    private final Workload workload;
    private final int inputs;
    private final int classes;
    private final float[] parameters;
    private final float[] state;
    private boolean closed;

    Regression(Workload workload) {
      this.workload = workload;
      this.inputs = workload.network().input().size();
      this.classes = workload.network().classes();
      this.parameters = new float[workload.network().parameterCount()];
      this.state = new float[workload.updaterStateCount()];
    }

    private void requireOpen() {
      if (closed) {
        throw new IllegalStateException("The replica is closed");
      }
    }

    @Override
    public void load(ReplicaState from) {
      requireOpen();
      copy(from.parameters(), parameters);
      copy(from.updaterState(), state);
    }

    @Override
    public void store(ReplicaState into) {
      requireOpen();
      copy(parameters, into.parameters());
      copy(state, into.updaterState());
    }

    private static void copy(float[] from, float[] to) {
      if (from.length != to.length) {
        throw new IllegalArgumentException(from.length + " values for " + to.length);
      }
      System.arraycopy(from, 0, to, 0, to.length);
    }

    @Override
    public StepResult step(Minibatch minibatch, StepSettings settings) {
      requireOpen();
      Damage damage = fault.of(minibatch, settings);
      if (damage == Damage.THROW) {
        throw new IllegalArgumentException("out of native memory");
      }
      double[] gradient = new double[parameters.length];
      double loss = 0;
      int n = minibatch.size();
      for (int e = 0; e < n; e++) {
        double[] x = example(minibatch, e);
        if (masked) {
          mask(x, RandomStream.of(settings.dropoutSeed(), Purpose.DROPOUT, e));
        }
        double[] p = probabilities(x);
        int label = minibatch.labels()[e];
        loss -= StrictMath.log(Math.max(1e-300, p[label])) / n;
        for (int c = 0; c < classes; c++) {
          double error = (p[c] - (c == label ? 1 : 0)) / n;
          for (int i = 0; i < inputs; i++) {
            gradient[c * inputs + i] += error * x[i];
          }
          gradient[inputs * classes + c] += error;
        }
      }
      double regularisation = 0;
      for (int i = 0; i < inputs * classes; i++) {
        gradient[i] += workload.regularisation().l2() * parameters[i];
        regularisation += workload.regularisation().l2() / 2 * parameters[i] * parameters[i];
      }
      update(gradient, settings);
      damage(damage);
      return new StepResult(
          damage == Damage.LOSS_NAN ? Double.NaN : loss,
          damage == Damage.LOSS_NAN ? Double.NaN : loss + regularisation);
    }

    private void damage(Damage damage) {
      if (damage == Damage.PARAMETER_INFINITE) {
        parameters[parameters.length - 1] = Float.POSITIVE_INFINITY;
      }
      if (damage == Damage.STATE_NAN) {
        state[0] = Float.NaN;
      }
    }

    /** Channel after channel. */
    private double[] example(Minibatch minibatch, int e) {
      int channels = minibatch.shape().channels();
      int area = inputs / channels;
      double[] x = new double[inputs];
      for (int channel = 0; channel < channels; channel++) {
        for (int place = 0; place < area; place++) {
          int pixel = minibatch.pixels()[e * inputs + place * channels + channel] & 0xff;
          x[channel * area + place] =
              pixel * workload.scaling().scale().get(channel)
                  + workload.scaling().shift().get(channel);
        }
      }
      return x;
    }

    private void mask(double[] x, RandomStream random) {
      for (int i = 0; i < x.length; i++) {
        x[i] *= random.nextInt(4) == 0 ? 0 : 4 / 3.0;
      }
    }

    private double[] probabilities(double[] x) {
      double[] p = new double[classes];
      double max = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        p[c] = parameters[inputs * classes + c];
        for (int i = 0; i < inputs; i++) {
          p[c] += parameters[c * inputs + i] * x[i];
        }
        max = Math.max(max, p[c]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        p[c] = StrictMath.exp(p[c] - max);
        sum += p[c];
      }
      for (int c = 0; c < classes; c++) {
        p[c] /= sum;
      }
      return p;
    }

    private void update(double[] gradient, StepSettings settings) {
      double rate = settings.learningRate();
      if (workload.updater() instanceof Updater.Nesterov nesterov) {
        for (int i = 0; i < gradient.length; i++) {
          double v = nesterov.momentum() * state[i] - rate * gradient[i];
          state[i] = (float) v;
          parameters[i] += (float) (nesterov.momentum() * v - rate * gradient[i]);
        }
      } else if (workload.updater() instanceof Updater.Adam adam) {
        double t = settings.iteration() + 1;
        double step =
            rate
                * Math.sqrt(1 - StrictMath.pow(adam.beta2(), t))
                / (1 - StrictMath.pow(adam.beta1(), t));
        for (int i = 0; i < gradient.length; i++) {
          int second = gradient.length + i;
          double g = gradient[i];
          state[i] = (float) (adam.beta1() * state[i] + (1 - adam.beta1()) * g);
          state[second] = (float) (adam.beta2() * state[second] + (1 - adam.beta2()) * g * g);
          parameters[i] -= (float) (step * state[i] / (Math.sqrt(state[second]) + adam.epsilon()));
        }
      } else {
        for (int i = 0; i < gradient.length; i++) {
          parameters[i] -= (float) (rate * gradient[i]);
        }
      }
    }

    @Override
    public void infer(Minibatch minibatch, float[] probabilities) {
      requireOpen();
      for (int e = 0; e < minibatch.size(); e++) {
        double[] p = probabilities(example(minibatch, e));
        for (int c = 0; c < classes; c++) {
          probabilities[e * classes + c] = (float) p[c];
        }
      }
    }

    @Override
    public void activations(Minibatch minibatch, ActivationListener listener) {
      requireOpen();
      float[] flat = new float[minibatch.size() * inputs];
      for (int e = 0; e < minibatch.size(); e++) {
        double[] x = example(minibatch, e);
        for (int i = 0; i < inputs; i++) {
          flat[e * inputs + i] = (float) x[i];
        }
      }
      float[] probabilities = new float[minibatch.size() * classes];
      infer(minibatch, probabilities);
      listener.layer(workload.network().layers().get(0), flat);
      listener.layer(workload.network().layers().get(1), probabilities);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        ledger.closed++;
      }
    }
  }
}
