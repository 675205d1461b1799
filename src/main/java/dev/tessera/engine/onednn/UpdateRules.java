package dev.tessera.engine.onednn;

import dev.tessera.engine.Updater;

/** The formulas of {@link Updater}, in floats. */
final class UpdateRules implements Updater.Visitor<UpdateRule> {
  /** A rule that needs nothing but the learning rate of the step. */
  private abstract static class OfRate implements UpdateRule {
    float rate;

    @Override
    public void begin(double learningRate, long step) {
      rate = (float) learningRate;
    }
  }

  @Override
  public UpdateRule sgd(Updater.Sgd updater) {
    return new OfRate() {
      @Override
      public void apply(float[] w, float[] g, float[][] state, int count, boolean weight) {
        float lr = rate;
        for (int i = 0; i < count; i++) {
          w[i] -= lr * g[i];
        }
      }
    };
  }

  @Override
  public UpdateRule momentum(Updater.Momentum updater) {
    float mu = (float) updater.momentum();
    return new OfRate() {
      @Override
      public void apply(float[] w, float[] g, float[][] state, int count, boolean weight) {
        float lr = rate;
        float[] v = state[0];
        for (int i = 0; i < count; i++) {
          v[i] = mu * v[i] - lr * g[i];
          w[i] += v[i];
        }
      }
    };
  }

  @Override
  public UpdateRule nesterov(Updater.Nesterov updater) {
    float mu = (float) updater.momentum();
    return new OfRate() {
      @Override
      public void apply(float[] w, float[] g, float[][] state, int count, boolean weight) {
        float lr = rate;
        float[] v = state[0];
        for (int i = 0; i < count; i++) {
          float down = lr * g[i];
          float velocity = mu * v[i] - down;
          v[i] = velocity;
          w[i] += mu * velocity - down;
        }
      }
    };
  }

  @Override
  public UpdateRule adam(Updater.Adam updater) {
    return new AdamRule(updater.beta1(), updater.beta2(), updater.epsilon(), 0);
  }

  @Override
  public UpdateRule adamW(Updater.AdamW updater) {
    return new AdamRule(updater.beta1(), updater.beta2(), updater.epsilon(), updater.weightDecay());
  }

  private static final class AdamRule implements UpdateRule {
    private final double beta1;
    private final double beta2;
    private final float epsilon;
    private final double weightDecay;
    private float rate;
    private float decay;

    AdamRule(double beta1, double beta2, double epsilon, double weightDecay) {
      this.beta1 = beta1;
      this.beta2 = beta2;
      this.epsilon = (float) epsilon;
      this.weightDecay = weightDecay;
    }

    @Override
    public void begin(double learningRate, long step) {
      double correction =
          StrictMath.sqrt(1 - StrictMath.pow(beta2, (double) step))
              / (1 - StrictMath.pow(beta1, (double) step));
      rate = (float) (learningRate * correction);
      decay = (float) (learningRate * weightDecay);
    }

    @Override
    public void apply(float[] w, float[] g, float[][] state, int count, boolean weight) {
      float b1 = (float) beta1;
      float b2 = (float) beta2;
      float rest1 = (float) (1 - beta1);
      float rest2 = (float) (1 - beta2);
      float lr = rate;
      float shrink = weight ? decay : 0;
      float[] m = state[0];
      float[] v = state[1];
      for (int i = 0; i < count; i++) {
        float first = b1 * m[i] + rest1 * g[i];
        float second = b2 * v[i] + rest2 * g[i] * g[i];
        m[i] = first;
        v[i] = second;
        w[i] -= lr * first / ((float) Math.sqrt(second) + epsilon) + shrink * w[i];
      }
    }
  }

  @Override
  public UpdateRule rmsProp(Updater.RmsProp updater) {
    float keep = (float) updater.decay();
    float rest = (float) (1 - updater.decay());
    float epsilon = (float) updater.epsilon();
    return new OfRate() {
      @Override
      public void apply(float[] w, float[] g, float[][] state, int count, boolean weight) {
        float lr = rate;
        float[] s = state[0];
        for (int i = 0; i < count; i++) {
          float square = keep * s[i] + rest * g[i] * g[i];
          s[i] = square;
          w[i] -= lr * g[i] / ((float) Math.sqrt(square) + epsilon);
        }
      }
    };
  }

  @Override
  public UpdateRule adaGrad(Updater.AdaGrad updater) {
    float epsilon = (float) updater.epsilon();
    return new OfRate() {
      @Override
      public void apply(float[] w, float[] g, float[][] state, int count, boolean weight) {
        float lr = rate;
        float[] s = state[0];
        for (int i = 0; i < count; i++) {
          float square = s[i] + g[i] * g[i];
          s[i] = square;
          w[i] -= lr * g[i] / ((float) Math.sqrt(square) + epsilon);
        }
      }
    };
  }
}
