package dev.tessera.engine.nd4j;

import dev.tessera.engine.Updater;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Our updaters as DL4J's. AdamW is Adam here; its decay is a regularisation in {@link
 * Dl4jConfiguration}.
 */
final class Dl4jUpdaters {
  private Dl4jUpdaters() {}

  /** For an open replica: {@link StepRate} gives the learning rate. */
  static IUpdater stepping(Updater updater) {
    return updater.accept(
        new Constant(Double.NaN) {
          @Override
          public IUpdater momentum(Updater.Momentum momentum) {
            return new PolyakMomentum(momentum.momentum());
          }
        });
  }

  /**
   * Of DL4J's own classes alone, so that plain DL4J reads them. DL4J has no classical momentum:
   * Nesterov's stands in for it, whose state has the same layout and meaning.
   */
  static IUpdater portable(double learningRate, Updater updater) {
    return updater.accept(new Constant(learningRate));
  }

  private static class Constant implements Updater.Visitor<IUpdater> {
    private final double learningRate;

    Constant(double learningRate) {
      this.learningRate = learningRate;
    }

    @Override
    public IUpdater sgd(Updater.Sgd sgd) {
      return new Sgd(learningRate);
    }

    @Override
    public IUpdater momentum(Updater.Momentum momentum) {
      return new Nesterovs(learningRate, momentum.momentum());
    }

    @Override
    public IUpdater nesterov(Updater.Nesterov nesterov) {
      return new Nesterovs(learningRate, nesterov.momentum());
    }

    @Override
    public IUpdater adam(Updater.Adam adam) {
      return new Adam(learningRate, adam.beta1(), adam.beta2(), adam.epsilon());
    }

    @Override
    public IUpdater adamW(Updater.AdamW adam) {
      return new Adam(learningRate, adam.beta1(), adam.beta2(), adam.epsilon());
    }

    @Override
    public IUpdater rmsProp(Updater.RmsProp rmsProp) {
      return new RmsProp(learningRate, rmsProp.decay(), rmsProp.epsilon());
    }

    @Override
    public IUpdater adaGrad(Updater.AdaGrad adaGrad) {
      return new AdaGrad(learningRate, adaGrad.epsilon());
    }
  }
}
