package dev.tessera.engine.nd4j;

import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;

/**
 * DL4J's updaters under {@link GradientRules}. DL4J's own place for changes between the division of
 * the gradient by the minibatch and the update, {@code preApply}, is called for layer after layer
 * once the division is done: the first of the calls stands for all.
 */
final class RuledUpdaters {
  private RuledUpdaters() {}

  /** Of a chain of layers. */
  static final class OfChain extends MultiLayerUpdater {
    private static final long serialVersionUID = 1L;

    private final transient GradientRules rules;
    private boolean ruled;

    OfChain(MultiLayerNetwork network, GradientRules rules) {
      super(network);
      this.rules = rules;
    }

    @Override
    public synchronized void update(
        Gradient gradient, int iteration, int epoch, int batchSize, LayerWorkspaceMgr workspaces) {
      ruled = false;
      super.update(gradient, iteration, epoch, batchSize, workspaces);
      rules.afterUpdater();
    }

    @Override
    public void preApply(Trainable layer, Gradient gradient, int iteration) {
      if (!ruled) {
        rules.beforeUpdater();
        ruled = true;
      }
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** Of a graph. */
  static final class OfGraph extends ComputationGraphUpdater {
    private static final long serialVersionUID = 1L;

    private final transient GradientRules rules;
    private boolean ruled;

    OfGraph(ComputationGraph network, GradientRules rules) {
      super(network);
      this.rules = rules;
    }

    @Override
    public synchronized void update(
        Gradient gradient, int iteration, int epoch, int batchSize, LayerWorkspaceMgr workspaces) {
      ruled = false;
      super.update(gradient, iteration, epoch, batchSize, workspaces);
      rules.afterUpdater();
    }

    @Override
    public void preApply(Trainable layer, Gradient gradient, int iteration) {
      if (!ruled) {
        rules.beforeUpdater();
        ruled = true;
      }
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
