package dev.tessera.bench;

import dev.tessera.engine.Engine;
import dev.tessera.engine.EngineCase;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Replica;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.nd4j.Nd4jEngine;
import dev.tessera.engine.onednn.OneDnnEngine;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.LayerPlan;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.ParameterRole;
import dev.tessera.network.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Images a second of whole training steps and of inference through an engine's own interface:
 * pixels in, forward, loss, backward, update. Called by {@code scripts/bench engine}; prints two
 * lines. Threads of a replica are set by OMP_NUM_THREADS.
 *
 * <p>Options as {@code key=value}: engine (onednn, nd4j), precision (float, bfloat16), network,
 * size, channels, classes, batch, replicas, steps.
 */
public final class EngineBench {
  private static final int WARM_UP = 5;

  private final Map<String, String> options = new HashMap<>();

  private EngineBench(String[] arguments) {
    for (String argument : arguments) {
      int at = argument.indexOf('=');
      options.put(argument.substring(0, at), argument.substring(at + 1));
    }
  }

  /** See the class. */
  public static void main(String[] arguments) throws Exception {
    new EngineBench(arguments).run();
  }

  private int number(String key, int otherwise) {
    return Integer.parseInt(options.getOrDefault(key, Integer.toString(otherwise)));
  }

  private void run() throws Exception {
    String name = options.getOrDefault("engine", "onednn");
    String precision = options.getOrDefault("precision", "float");
    Engine engine =
        name.equals("nd4j")
            ? new Nd4jEngine()
            : new OneDnnEngine(Precision.valueOf(precision.toUpperCase(Locale.ROOT)));
    int size = number("size", 32);
    int channels = number("channels", 3);
    int classes = number("classes", 10);
    int batch = number("batch", 64);
    int replicas = number("replicas", 1);
    int threads = Integer.parseInt(System.getenv().getOrDefault("OMP_NUM_THREADS", "1"));
    String network = options.getOrDefault("network", "reference");
    NetworkPlan plan =
        NamedNetworks.named(network).compile(new Shape.Image(size, size, channels), classes);
    Workload workload =
        new Workload(
            plan,
            PixelScaling.unit(channels),
            Objective.PLAIN,
            new Updater.Nesterov(0.9),
            Regularisation.NONE,
            GradientClipping.NONE,
            batch);
    Minibatch minibatch = EngineCase.minibatch(plan.input(), classes, batch, 1);
    ExecutorService pool = Executors.newFixedThreadPool(replicas);
    Callable<double[]> one = () -> measure(engine, workload, minibatch, threads);
    double train = 0;
    double infer = 0;
    for (Future<double[]> rates : pool.invokeAll(java.util.Collections.nCopies(replicas, one))) {
      train += rates.get()[0];
      infer += rates.get()[1];
    }
    pool.shutdown();
    System.out.printf(Locale.ROOT, "step %.0f operations an image%n", operations(plan));
    System.out.printf(
        Locale.ROOT,
        "tessera %s %s %s replicas %d threads %d train %.1f images/s inference %.1f images/s%n",
        name,
        network,
        precision,
        replicas,
        threads,
        train,
        infer);
  }

  /**
   * Floating-point operations of convolutions and dense layers in a training step, an image:
   * forward, gradient of the weights, and gradient of the input but for what reads the picture.
   */
  private static double operations(NetworkPlan plan) {
    double all = 0;
    for (LayerPlan layer : plan.layers()) {
      boolean first = layer.sources().contains(LayerPlan.NETWORK_INPUT);
      for (ParameterBlock block : layer.parameters()) {
        if (block.role() == ParameterRole.WEIGHT) {
          double places =
              layer.output() instanceof Shape.Image image ? image.height() * image.width() : 1;
          all += (first ? 2 : 3) * 2.0 * block.size() * places;
        }
      }
    }
    return all;
  }

  private double[] measure(Engine engine, Workload workload, Minibatch minibatch, int threads) {
    int steps = number("steps", 20);
    float[] probabilities = new float[minibatch.size() * workload.network().classes()];
    try (Replica replica = engine.open(workload, threads)) {
      replica.load(workload.initialState(1));
      StepSettings settings = new StepSettings(0.02, 0, 1);
      double train = rate(steps, minibatch.size(), () -> replica.step(minibatch, settings));
      double infer = rate(steps, minibatch.size(), () -> replica.infer(minibatch, probabilities));
      return new double[] {train, infer};
    }
  }

  /** By the median step. */
  private static double rate(int steps, int examples, Runnable step) {
    double[] seconds = new double[steps];
    for (int i = -WARM_UP; i < steps; i++) {
      long began = System.nanoTime();
      step.run();
      if (i >= 0) {
        seconds[i] = (System.nanoTime() - began) / 1e9;
      }
    }
    Arrays.sort(seconds);
    return examples / seconds[steps / 2];
  }
}
