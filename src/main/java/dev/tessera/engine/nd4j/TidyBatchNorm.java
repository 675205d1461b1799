package dev.tessera.engine.nd4j;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's batch norm, which frees what it kept for the backward pass.
 *
 * <p>DL4J copies the centred and the normalised input out of its workspace in every step (10 MB a
 * step for {@code reference} at 32 x 32 x 3 and 64 examples) and leaves them to Java's collector,
 * which sees no reason to run: native memory grows by gigabytes first.
 */
final class TidyBatchNorm extends BatchNormalization {
  private static final long serialVersionUID = 1L;

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    Running layer = new Running(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(conf, parameters, initialise));
    layer.setConf(conf);
    return layer;
  }

  private static final class Running
      extends org.deeplearning4j.nn.layers.normalization.BatchNormalization {
    private static final long serialVersionUID = 1L;

    Running(NeuralNetConfiguration conf, DataType type) {
      super(conf, type);
    }

    @Override
    public INDArray preOutput(INDArray x, TrainingMode training, LayerWorkspaceMgr workspaces) {
      INDArray output = super.preOutput(x, training, workspaces);
      if (training == TrainingMode.TEST) {
        free(xMu);
        free(xHat);
        xMu = null;
        xHat = null;
      }
      return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
        INDArray epsilon, LayerWorkspaceMgr workspaces) {
      INDArray centred = xMu;
      INDArray normalised = xHat;
      Pair<Gradient, INDArray> gradient = super.backpropGradient(epsilon, workspaces);
      free(centred);
      free(normalised);
      return gradient;
    }

    private static void free(@Nullable INDArray array) {
      if (array != null && array.closeable()) {
        array.close();
      }
    }
  }
}
