package dev.tessera.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.engine.EngineCase;
import dev.tessera.engine.Replica;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Dropout;
import dev.tessera.network.Flatten;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.Pooling;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class Dl4jModelFileTest {
  private static final double LEARNING_RATE = 0.01;
  private static final int ITERATIONS = 5;
  private static final Map<String, String> EXTRAS =
      Map.of("tessera/job.conf", "dataset.train = photos", "tessera/model.json", "{}");

  static List<Updater> updaters() {
    return List.of(
        new Updater.Sgd(),
        new Updater.Momentum(0.9),
        new Updater.Nesterov(0.8),
        new Updater.Adam(0.9, 0.999, 1e-8),
        new Updater.AdamW(0.9, 0.999, 1e-8, 0.01),
        new Updater.RmsProp(0.95, 1e-3),
        new Updater.AdaGrad(1e-3));
  }

  /** A model and what it was trained with. */
  private record Model(Workload workload, ReplicaState state) {}

  @ParameterizedTest
  @MethodSource("updaters")
  void readsStateAndExtrasBack(Updater updater) throws IOException {
    Model model = model(workload(updater));
    Dl4jModelFile.Content back = Dl4jModelFile.read(new ByteArrayInputStream(bytes(model)));
    assertThat(back.state().parameters()).isEqualTo(model.state().parameters());
    assertThat(back.state().updaterState()).isEqualTo(model.state().updaterState());
    assertThat(back.extras()).isEqualTo(EXTRAS);
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void plainDl4jInfersAndTrainsOn(Updater updater) throws IOException {
    Workload workload = workload(updater);
    Minibatch minibatch = EngineCase.minibatch(workload.network().input(), 4, 8, 1);
    Model model = trained(workload);
    MultiLayerNetwork plain =
        ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(bytes(model)), true);
    float[] probabilities = new float[8 * 4];
    ReplicaState after = ReplicaState.zeros(workload);
    try (Replica replica = new Nd4jEngine().open(workload, 1)) {
      replica.load(model.state());
      replica.infer(minibatch, probabilities);
      replica.step(minibatch, new StepSettings(LEARNING_RATE, ITERATIONS, 0));
      replica.store(after);
    }
    INDArray pictures = pictures(minibatch);
    assertThat(plain.output(pictures).dup('c').data().asFloat()).isEqualTo(probabilities);
    assertThat(plain.getIterationCount()).isEqualTo(ITERATIONS);
    plain.fit(pictures, labels(minibatch));
    if (!(updater instanceof Updater.Momentum)) {
      assertThat(plain.params().dup('c').data().asFloat()).isEqualTo(after.parameters());
    }
    if (after.updaterState().length > 0) {
      assertThat(plain.getUpdater().getStateViewArray().dup('c').data().asFloat())
          .isEqualTo(after.updaterState());
    }
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void hasTheBytesOfDl4jsOwnSerializer(Updater updater) throws IOException {
    Model model = trained(workload(updater));
    Map<String, byte[]> ours = entries(bytes(model));
    MultiLayerNetwork plain =
        ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(bytes(model)), true);
    ByteArrayOutputStream theirs = new ByteArrayOutputStream();
    ModelSerializer.writeModel(plain, theirs, true);
    entries(theirs.toByteArray())
        .forEach((name, content) -> assertThat(ours.get(name)).as(name).isEqualTo(content));
    assertThat(ours.keySet()).containsAll(EXTRAS.keySet());
  }

  @Test
  void equalModelsGiveEqualFiles() throws IOException {
    TimeZone zone = TimeZone.getDefault();
    byte[] first = bytes(model(workload(new Updater.Adam(0.9, 0.999, 1e-8))));
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
      assertThat(bytes(model(workload(new Updater.Adam(0.9, 0.999, 1e-8))))).isEqualTo(first);
    } finally {
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void refusesAFileCutAnywhere() throws IOException {
    byte[] whole = bytes(model(workload(new Updater.Sgd())));
    for (int length = 1; length < whole.length; length += length < 2000 ? 97 : 331) {
      refused(Arrays.copyOf(whole, length));
    }
    for (int length = whole.length - 30; length < whole.length; length++) {
      refused(Arrays.copyOf(whole, length));
    }
  }

  @Test
  void refusesDamagedValues() throws IOException {
    byte[] whole = bytes(model(workload(new Updater.Sgd())));
    whole[whole.length / 2] ^= 1;
    assertThat(refused(whole)).isEqualTo("it is cut short or damaged");
  }

  @Test
  void saysWhatIsNotAModel() throws IOException {
    assertThat(refused(new byte[0])).isEqualTo("it is not a zip with an entry coefficients.bin");
    assertThat(refused("run { name = x }".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("it is not a zip with an entry coefficients.bin");
    assertThat(refused(zip(Map.of("a.txt", new byte[] {1}))))
        .isEqualTo("it is not a zip with an entry coefficients.bin");
    Map<String, byte[]> entries = entries(bytes(model(workload(new Updater.Sgd()))));
    entries.put("coefficients.bin", "nothing of the kind".getBytes(StandardCharsets.UTF_8));
    assertThat(refused(zip(entries))).isEqualTo("it is cut short or damaged");
  }

  private static String refused(byte[] content) {
    StringBuilder message = new StringBuilder();
    assertThatThrownBy(() -> Dl4jModelFile.read(new ByteArrayInputStream(content)))
        .as("%s bytes", content.length)
        .isInstanceOf(IOException.class)
        .satisfies(e -> message.append(e.getMessage()));
    return message.toString();
  }

  private static Model model(Workload workload) {
    ReplicaState state = workload.initialState(3);
    for (int i = 0; i < state.updaterState().length; i++) {
      state.updaterState()[i] += i * 1e-3f;
    }
    return new Model(workload, state);
  }

  private static Model trained(Workload workload) {
    ReplicaState state = workload.initialState(3);
    try (Replica replica = new Nd4jEngine().open(workload, 1)) {
      replica.load(state);
      for (int i = 0; i < ITERATIONS; i++) {
        Minibatch minibatch = EngineCase.minibatch(workload.network().input(), 4, 8, 10 + i);
        replica.step(minibatch, new StepSettings(0.01, i, i));
      }
      replica.store(state);
    }
    return new Model(workload, state);
  }

  private static Workload workload(Updater updater) {
    return workload(updater, 0);
  }

  private static Workload workload(Updater updater, double dropout) {
    Shape.Image input = new Shape.Image(8, 7, 3);
    var network =
        NetworkSpec.chain(
                "custom",
                List.of(
                    Convolution.of(4, 3, Padding.SAME, Activation.RELU),
                    BatchNorm.DEFAULT,
                    Pooling.of(PoolingKind.MAX, 2),
                    new Dropout(dropout),
                    new Flatten(),
                    Dense.of(8, Activation.LEAKY_RELU),
                    Dense.of(Dense.CLASSES, Activation.SOFTMAX)))
            .compile(input, 4);
    PixelScaling scaling =
        PixelScaling.standardise(List.of(100.0, 120.5, 99.9), List.of(50.0, 61.7, 0.0));
    return Workloads.of(network, scaling, updater, 1e-3, 8);
  }

  private static byte[] bytes(Model model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Dl4jModelFile.write(
        out, model.workload(), model.state(), 42, LEARNING_RATE, ITERATIONS, EXTRAS);
    return out.toByteArray();
  }

  private static Map<String, byte[]> entries(byte[] zip) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip));
    for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
      entries.put(entry.getName(), in.readAllBytes());
    }
    return entries;
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return out.toByteArray();
  }

  private static INDArray pictures(Minibatch minibatch) {
    Workload workload = workload(new Updater.Nesterov(0));
    PixelInput input = new PixelInput(minibatch.shape(), workload.scaling(), minibatch.size());
    return input.fill(minibatch).dup();
  }

  private static INDArray labels(Minibatch minibatch) {
    INDArray labels = Nd4j.create(minibatch.size(), 4);
    for (int i = 0; i < minibatch.size(); i++) {
      labels.putScalar(i, minibatch.labels()[i], 1);
    }
    return labels;
  }
}
