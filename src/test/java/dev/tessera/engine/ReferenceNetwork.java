package dev.tessera.engine;

import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.ActivationLayer;
import dev.tessera.network.Add;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Concat;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Dropout;
import dev.tessera.network.Extent;
import dev.tessera.network.Flatten;
import dev.tessera.network.GlobalPooling;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.Padding;
import dev.tessera.network.Padding.Axis;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.Pooling;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.Shape;
import dev.tessera.network.ZeroPadding;
import java.util.ArrayList;
import java.util.List;

/**
 * What layers mean, independent of any engine: slow, obvious, in double. Gradients by central
 * differences. Dropout does nothing here.
 */
public final class ReferenceNetwork {
  /** In double, balances the rounding of the loss against the curvature. */
  private static final double DIFFERENCE = 1e-5;

  /** Below it, rounding of the loss would show in the gradient. */
  private static final double LEAST_DIFFERENCE = 1e-8;

  /** By how much the slopes to both sides may differ without a corner between. */
  private static final double CORNER = 1e-5;

  private final NetworkPlan plan;
  private final PixelScaling scaling;
  private final Objective objective;

  public ReferenceNetwork(NetworkPlan plan, PixelScaling scaling) {
    this(plan, scaling, Objective.PLAIN);
  }

  public ReferenceNetwork(NetworkPlan plan, PixelScaling scaling, Objective objective) {
    this.plan = plan;
    this.scaling = scaling;
    this.objective = objective;
  }

  /** Class probabilities, row after row, in inference mode. */
  public double[] infer(double[] parameters, Minibatch minibatch) {
    return last(run(parameters.clone(), minibatch, false)).values();
  }

  /** Every layer's values in inference mode, examples x channels x height x width. */
  List<double[]> activations(double[] parameters, Minibatch minibatch) {
    return run(parameters.clone(), minibatch, false).stream().map(Tensor::values).toList();
  }

  /** The objective in training mode. */
  public double loss(double[] parameters, Minibatch minibatch) {
    return crossEntropy(last(run(parameters.clone(), minibatch, true)), minibatch);
  }

  /** Of every parameter; zero for running moments. */
  public double[] gradient(double[] parameters, Minibatch minibatch) {
    double[] gradient = new double[parameters.length];
    double[] moved = parameters.clone();
    double here = loss(moved, minibatch);
    for (ParameterBlock block : plan.blocks()) {
      if (!block.role().trainable()) {
        continue;
      }
      for (int i = block.offset(); i < block.end(); i++) {
        gradient[i] = slope(moved, i, here, minibatch);
      }
    }
    return gradient;
  }

  /**
   * The central difference, of a smaller step where a corner lies between: there the slopes to both
   * sides differ by more than what the loss bends by.
   */
  private double slope(double[] parameters, int index, double here, Minibatch minibatch) {
    double at = parameters[index];
    double step = DIFFERENCE;
    while (true) {
      parameters[index] = at + step;
      double above = loss(parameters, minibatch) - here;
      parameters[index] = at - step;
      double below = here - loss(parameters, minibatch);
      parameters[index] = at;
      if (Math.abs(above - below) <= CORNER * step || step <= LEAST_DIFFERENCE) {
        return (above + below) / (2 * step);
      }
      step /= 10;
    }
  }

  /** The parameters with running moments as a training step leaves them. */
  public double[] withRunningMoments(double[] parameters, Minibatch minibatch) {
    double[] after = parameters.clone();
    run(after, minibatch, true);
    return after;
  }

  private static Tensor last(List<Tensor> outputs) {
    return outputs.get(outputs.size() - 1);
  }

  private List<Tensor> run(double[] parameters, Minibatch minibatch, boolean training) {
    Tensor picture = input(minibatch);
    List<Tensor> outputs = new ArrayList<>();
    for (LayerPlan layer : plan.layers()) {
      List<Tensor> inputs =
          layer.sources().stream()
              .map(source -> source == LayerPlan.NETWORK_INPUT ? picture : outputs.get(source))
              .toList();
      outputs.add(layer.spec().accept(new Forward(layer, inputs, parameters, training)));
    }
    return outputs;
  }

  private Tensor input(Minibatch minibatch) {
    Shape.Image shape = minibatch.shape();
    Tensor tensor = Tensor.zeros(minibatch.size(), shape);
    int next = 0;
    for (int n = 0; n < minibatch.size(); n++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          for (int c = 0; c < shape.channels(); c++) {
            int value = minibatch.pixels()[next++] & 0xff;
            tensor.set(n, c, y, x, value * scaling.scale().get(c) + scaling.shift().get(c));
          }
        }
      }
    }
    return tensor;
  }

  private double crossEntropy(Tensor probabilities, Minibatch minibatch) {
    double sum = 0;
    for (int n = 0; n < minibatch.size(); n++) {
      double share = minibatch.otherShare(n);
      sum += (1 - share) * crossEntropy(probabilities, n, minibatch.labels()[n]);
      if (share > 0) {
        sum += share * crossEntropy(probabilities, n, minibatch.otherLabel(n));
      }
    }
    return sum / minibatch.size();
  }

  /** The term of one label of one example. */
  private double crossEntropy(Tensor probabilities, int n, int label) {
    double smoothing = objective.labelSmoothing();
    double sum = 0;
    for (int c = 0; c < plan.classes(); c++) {
      double target = (c == label ? 1 - smoothing : 0) + smoothing / plan.classes();
      if (target > 0) {
        sum -= objective.weight(label) * target * Math.log(probability(probabilities, n, c));
      }
    }
    return sum;
  }

  private double probability(Tensor probabilities, int n, int c) {
    if (plan.sigmoidOutput()) {
      double second = probabilities.at(n, 0, 0, 0);
      return c == 1 ? second : 1 - second;
    }
    return probabilities.at(n, c, 0, 0);
  }

  /** One layer on its inputs; batch norm changes its running moments in {@code parameters}. */
  private static final class Forward implements LayerSpec.Visitor<Tensor> {
    private final LayerPlan plan;
    private final List<Tensor> inputs;
    private final Tensor in;
    private final double[] parameters;
    private final boolean training;

    Forward(LayerPlan plan, List<Tensor> inputs, double[] parameters, boolean training) {
      this.plan = plan;
      this.inputs = inputs;
      this.in = inputs.get(0);
      this.parameters = parameters;
      this.training = training;
    }

    private Tensor empty() {
      return Tensor.zeros(in.examples(), plan.output());
    }

    private int offset(String block) {
      return plan.parameters().stream()
          .filter(b -> b.name().equals(block))
          .findFirst()
          .orElseThrow()
          .offset();
    }

    private static int before(
        Padding padding, Axis axis, Tensor in, Extent window, Extent stride, Extent dilation) {
      return axis == Axis.VERTICAL
          ? padding
              .along(axis, in.height(), window.height(), stride.height(), dilation.height())
              .before()
          : padding
              .along(axis, in.width(), window.width(), stride.width(), dilation.width())
              .before();
    }

    @Override
    public Tensor convolution(Convolution layer) {
      Tensor out = empty();
      Extent kernel = layer.kernel();
      Extent stride = layer.stride();
      Extent dilation = layer.dilation();
      int top = before(layer.padding(), Axis.VERTICAL, in, kernel, stride, dilation);
      int left = before(layer.padding(), Axis.HORIZONTAL, in, kernel, stride, dilation);
      int channels = in.channels() / layer.groups();
      for (int n = 0; n < out.examples(); n++) {
        for (int f = 0; f < out.channels(); f++) {
          int first = f / (layer.filters() / layer.groups()) * channels;
          Filter filter = filter(layer, f);
          for (int y = 0; y < out.height(); y++) {
            for (int x = 0; x < out.width(); x++) {
              double sum = filter.bias();
              for (int c = 0; c < channels; c++) {
                for (int i = 0; i < kernel.height(); i++) {
                  for (int j = 0; j < kernel.width(); j++) {
                    int weight = c * filter.channel() + i * filter.row() + j * filter.column();
                    sum +=
                        parameters[filter.weights() + weight]
                            * in.padded(
                                n,
                                first + c,
                                y * stride.height() + i * dilation.height() - top,
                                x * stride.width() + j * dilation.width() - left);
                  }
                }
              }
              out.set(n, f, y, x, sum);
            }
          }
        }
      }
      return activated(out, layer.activation());
    }

    /** Of a filter: its bias, its first weight, and the steps to the next channel, row, column. */
    private record Filter(double bias, int weights, int channel, int row, int column) {}

    private Filter filter(Convolution layer, int f) {
      int channels = in.channels() / layer.groups();
      int filters = layer.filters() / layer.groups();
      int height = layer.kernel().height();
      int width = layer.kernel().width();
      boolean depthwise = layer.depthwise(plan.input());
      boolean whole = depthwise || layer.groups() == 1;
      String group = whole ? "" : "" + (f / filters + 1);
      int within = whole ? f : f % filters;
      double bias = layer.bias() ? parameters[offset("bias" + group) + within] : 0;
      int weights = offset("weights" + group);
      if (depthwise) {
        // [height, width, channels, multiplier], channels and multiplier together are filters
        return new Filter(bias, weights + f, 0, width * layer.filters(), layer.filters());
      }
      int area = height * width;
      return new Filter(bias, weights + within * channels * area, area, width, 1);
    }

    @Override
    public Tensor pooling(Pooling layer) {
      Tensor out = empty();
      int top =
          before(layer.padding(), Axis.VERTICAL, in, layer.size(), layer.stride(), Extent.ONE);
      int left =
          before(layer.padding(), Axis.HORIZONTAL, in, layer.size(), layer.stride(), Extent.ONE);
      for (int n = 0; n < out.examples(); n++) {
        for (int c = 0; c < out.channels(); c++) {
          for (int y = 0; y < out.height(); y++) {
            for (int x = 0; x < out.width(); x++) {
              int fromY = y * layer.stride().height() - top;
              int fromX = x * layer.stride().width() - left;
              out.set(n, c, y, x, window(layer.function(), layer.size(), n, c, fromY, fromX));
            }
          }
        }
      }
      return out;
    }

    private double window(PoolingKind function, Extent size, int n, int c, int fromY, int fromX) {
      double largest = Double.NEGATIVE_INFINITY;
      double sum = 0;
      int inside = 0;
      for (int y = fromY; y < fromY + size.height(); y++) {
        for (int x = fromX; x < fromX + size.width(); x++) {
          if (in.inside(y, x)) {
            largest = Math.max(largest, in.at(n, c, y, x));
            sum += in.at(n, c, y, x);
            inside++;
          }
        }
      }
      return function == PoolingKind.MAX ? largest : sum / inside;
    }

    @Override
    public Tensor globalPooling(GlobalPooling layer) {
      Tensor out = empty();
      Extent whole = new Extent(in.height(), in.width());
      for (int n = 0; n < in.examples(); n++) {
        for (int c = 0; c < in.channels(); c++) {
          out.set(n, c, 0, 0, window(layer.function(), whole, n, c, 0, 0));
        }
      }
      return out;
    }

    @Override
    public Tensor batchNorm(BatchNorm layer) {
      Tensor out = empty();
      for (int c = 0; c < in.channels(); c++) {
        double mean = training ? mean(c) : parameters[offset("runningMean") + c];
        double variance = training ? variance(c, mean) : parameters[offset("runningVariance") + c];
        if (training) {
          move(offset("runningMean") + c, mean, layer.momentum());
          move(offset("runningVariance") + c, variance, layer.momentum());
        }
        double scale = parameters[offset("gamma") + c] / Math.sqrt(variance + layer.epsilon());
        for (int n = 0; n < in.examples(); n++) {
          for (int y = 0; y < in.height(); y++) {
            for (int x = 0; x < in.width(); x++) {
              double value = (in.at(n, c, y, x) - mean) * scale + parameters[offset("beta") + c];
              out.set(n, c, y, x, value);
            }
          }
        }
      }
      return out;
    }

    private void move(int index, double measured, double momentum) {
      parameters[index] = momentum * parameters[index] + (1 - momentum) * measured;
    }

    private double mean(int c) {
      double sum = 0;
      for (int n = 0; n < in.examples(); n++) {
        for (int y = 0; y < in.height(); y++) {
          for (int x = 0; x < in.width(); x++) {
            sum += in.at(n, c, y, x);
          }
        }
      }
      return sum / (in.examples() * in.height() * in.width());
    }

    private double variance(int c, double mean) {
      double sum = 0;
      for (int n = 0; n < in.examples(); n++) {
        for (int y = 0; y < in.height(); y++) {
          for (int x = 0; x < in.width(); x++) {
            sum += Math.pow(in.at(n, c, y, x) - mean, 2);
          }
        }
      }
      return sum / (in.examples() * in.height() * in.width());
    }

    @Override
    public Tensor dropout(Dropout layer) {
      return in;
    }

    @Override
    public Tensor activation(ActivationLayer layer) {
      return activated(in, layer.activation());
    }

    @Override
    public Tensor flatten(Flatten layer) {
      return in.flat();
    }

    @Override
    public Tensor dense(Dense layer) {
      Tensor out = empty();
      int inputs = in.channels();
      for (int n = 0; n < in.examples(); n++) {
        for (int u = 0; u < out.channels(); u++) {
          double sum = layer.bias() ? parameters[offset("bias") + u] : 0;
          for (int i = 0; i < inputs; i++) {
            sum += parameters[offset("weights") + u * inputs + i] * in.at(n, i, 0, 0);
          }
          out.set(n, u, 0, 0, sum);
        }
      }
      return activated(out, layer.activation());
    }

    @Override
    public Tensor zeroPadding(ZeroPadding layer) {
      Tensor out = empty();
      for (int n = 0; n < out.examples(); n++) {
        for (int c = 0; c < out.channels(); c++) {
          for (int y = 0; y < out.height(); y++) {
            for (int x = 0; x < out.width(); x++) {
              out.set(n, c, y, x, in.padded(n, c, y - layer.top(), x - layer.left()));
            }
          }
        }
      }
      return out;
    }

    @Override
    public Tensor add(Add layer) {
      Tensor out = empty();
      for (int i = 0; i < out.values().length; i++) {
        for (Tensor input : inputs) {
          out.values()[i] += input.values()[i];
        }
      }
      return activated(out, layer.activation());
    }

    @Override
    public Tensor concat(Concat layer) {
      Tensor out = empty();
      for (int n = 0; n < out.examples(); n++) {
        int next = 0;
        for (Tensor input : inputs) {
          for (int c = 0; c < input.channels(); c++, next++) {
            for (int y = 0; y < out.height(); y++) {
              for (int x = 0; x < out.width(); x++) {
                out.set(n, next, y, x, input.at(n, c, y, x));
              }
            }
          }
        }
      }
      return out;
    }

    private static Tensor activated(Tensor in, Activation activation) {
      if (activation == Activation.SOFTMAX) {
        return softmax(in);
      }
      double[] values = new double[in.values().length];
      for (int i = 0; i < values.length; i++) {
        values[i] = activated(in.values()[i], activation);
      }
      return new Tensor(in.examples(), in.channels(), in.height(), in.width(), values);
    }

    private static double activated(double x, Activation activation) {
      return switch (activation) {
        case IDENTITY -> x;
        case RELU -> Math.max(0, x);
        case LEAKY_RELU -> x > 0 ? x : 0.01 * x;
        case ELU -> x > 0 ? x : Math.exp(x) - 1;
        case SIGMOID -> 1 / (1 + Math.exp(-x));
        case TANH -> Math.tanh(x);
        case SWISH -> x / (1 + Math.exp(-x));
        case SOFTMAX -> throw new IllegalArgumentException("Softmax is not elementwise");
      };
    }

    private static Tensor softmax(Tensor in) {
      double[] values = new double[in.values().length];
      for (int n = 0; n < in.examples(); n++) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < in.channels(); c++) {
          largest = Math.max(largest, in.at(n, c, 0, 0));
        }
        double sum = 0;
        for (int c = 0; c < in.channels(); c++) {
          sum += Math.exp(in.at(n, c, 0, 0) - largest);
        }
        for (int c = 0; c < in.channels(); c++) {
          values[in.index(n, c, 0, 0)] = Math.exp(in.at(n, c, 0, 0) - largest) / sum;
        }
      }
      return new Tensor(in.examples(), in.channels(), 1, 1, values);
    }
  }
}
