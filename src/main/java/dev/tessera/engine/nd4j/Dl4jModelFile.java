package dev.tessera.engine.nd4j;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.Nullable;

/**
 * DL4J's model file: a zip of configuration, parameters and updater state as {@link
 * ModelSerializer} writes it, and further entries of ours that DL4J passes over.
 *
 * <p>Equal content gives equal bytes: entries have no time of day.
 */
public final class Dl4jModelFile {
  /** No time with a meaning; local, so that the zone of the machine makes no difference. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

  private Dl4jModelFile() {}

  /**
   * Writes a model, a graph if {@link Dl4jConfiguration#needsGraph}. The stream stays open.
   *
   * @param seed of the draws that DL4J makes, should training go on there
   * @param learningRate for the same case
   * @param iterations steps done so far, for the same case
   * @param extras further entries by name
   */
  public static void write(
      OutputStream stream,
      Workload workload,
      ReplicaState state,
      long seed,
      double learningRate,
      int iterations,
      Map<String, String> extras)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(stream);
    text(
        zip,
        ModelSerializer.CONFIGURATION_JSON,
        configuration(workload, seed, learningRate, iterations));
    array(zip, ModelSerializer.COEFFICIENTS_BIN, state.parameters());
    if (state.updaterState().length > 0) {
      array(zip, ModelSerializer.UPDATER_BIN, state.updaterState());
    }
    for (Map.Entry<String, String> extra : new TreeMap<>(extras).entrySet()) {
      text(zip, extra.getKey(), extra.getValue());
    }
    zip.finish();
  }

  private static String configuration(
      Workload workload, long seed, double learningRate, int iterations) {
    if (Dl4jConfiguration.needsGraph(workload.network())) {
      ComputationGraphConfiguration graph =
          Dl4jConfiguration.portableGraph(workload, seed, learningRate);
      graph.setIterationCount(iterations);
      return graph.toJson();
    }
    MultiLayerConfiguration chain = Dl4jConfiguration.portable(workload, seed, learningRate);
    chain.setIterationCount(iterations);
    return chain.toJson();
  }

  private static void text(ZipOutputStream zip, String name, String text) throws IOException {
    begin(zip, name);
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  private static void array(ZipOutputStream zip, String name, float[] values) throws IOException {
    begin(zip, name);
    Nd4jVector.write(values, zip);
    zip.closeEntry();
  }

  private static void begin(ZipOutputStream zip, String name) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(NO_TIME);
    zip.putNextEntry(entry);
  }

  /**
   * What a file holds.
   *
   * @param state updater state is empty if the file has none
   * @param extras entries that are not DL4J's, by name
   */
  public record Content(ReplicaState state, Map<String, String> extras) {
    public Content {
      extras = Map.copyOf(extras);
    }
  }

  /**
   * Reads parameters, updater state and our entries to the end of the stream; the configuration is
   * left to who knows the network. Loads nothing native.
   *
   * @throws IOException if it is no model file of DL4J, cut short, or damaged; the message says so
   */
  public static Content read(InputStream stream) throws IOException {
    TailStream tail = new TailStream(stream);
    Content content = content(new ZipInputStream(tail));
    if (!tail.endsAsZip()) {
      throw new EOFException("it is cut short");
    }
    return content;
  }

  private static Content content(ZipInputStream zip) throws IOException {
    float @Nullable [] parameters = null;
    float[] updaterState = new float[0];
    Map<String, String> extras = new LinkedHashMap<>();
    try {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        switch (entry.getName()) {
          case ModelSerializer.COEFFICIENTS_BIN -> parameters = Nd4jVector.read(zip);
          case ModelSerializer.UPDATER_BIN -> updaterState = Nd4jVector.read(zip);
          case ModelSerializer.CONFIGURATION_JSON -> {}
          default ->
              extras.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
        }
        zip.closeEntry();
      }
    } catch (EOFException | ZipException e) {
      throw new IOException("it is cut short or damaged", e);
    }
    if (parameters == null) {
      throw new IOException("it is not a zip with an entry " + ModelSerializer.COEFFICIENTS_BIN);
    }
    return new Content(new ReplicaState(parameters, updaterState), extras);
  }
}
