package dev.tessera;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.engine.nd4j.Dl4jModelFile;
import dev.tessera.error.JobException;
import dev.tessera.image.PixelScaling;
import dev.tessera.job.Job;
import dev.tessera.job.JobParser;
import dev.tessera.network.NetworkException;
import dev.tessera.network.NetworkPlan;
import dev.tessera.run.RunFolder;
import dev.tessera.run.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code model.zip}: DL4J's model file with the job it came from, the class names, and the scaling
 * of pixels as measured, so that evaluation and inference need nothing else.
 */
final class ModelFiles {
  private static final int SCHEMA = 1;
  private static final String JOB_ENTRY = "tessera/job.conf";
  private static final String MODEL_ENTRY = "tessera/model.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelFiles() {}

  /**
   * A model read back.
   *
   * @param job that it was trained by
   * @param workload what it was trained with
   */
  record StoredModel(Job job, Workload workload, ReplicaState state, List<String> classNames) {
    StoredModel {
      classNames = List.copyOf(classNames);
    }
  }

  static void write(
      RunFolder folder,
      Job job,
      List<String> classNames,
      Workload workload,
      ReplicaState state,
      int iterations) {
    Map<String, String> extras =
        Map.of(
            JOB_ENTRY,
            job.resolved(),
            MODEL_ENTRY,
            description(job, classNames, workload).toPrettyString() + "\n");
    folder.write(
        RunFolder.MODEL,
        out ->
            Dl4jModelFile.write(
                out,
                workload,
                state,
                job.run().seed(),
                job.training().learningRate(),
                iterations,
                extras));
  }

  private static ObjectNode description(Job job, List<String> classNames, Workload workload) {
    ObjectNode json = JSON.createObjectNode().put("schema", SCHEMA).put("tessera", Version.CURRENT);
    classNames.forEach(json.putArray("classNames")::add);
    json.putObject("image")
        .put("height", job.image().height())
        .put("width", job.image().width())
        .put("channels", job.image().channels());
    json.put("batchSize", workload.batchSize());
    ObjectNode scaling = json.putObject("scaling");
    workload.scaling().scale().forEach(scaling.putArray("scale")::add);
    workload.scaling().shift().forEach(scaling.putArray("shift")::add);
    return json;
  }

  /**
   * Reads a model of ours.
   *
   * @throws JobException if the file is not there, not ours, or damaged
   */
  static StoredModel read(Storage storage, String file) {
    try (InputStream in = storage.open(file)) {
      return model(file, Dl4jModelFile.read(in));
    } catch (FileNotFoundException e) {
      throw new JobException(
          "Cannot find the model " + file + ". Give the path of a run's model.zip.", e);
    } catch (IOException e) {
      throw new JobException(
          "Cannot read the model "
              + file
              + ": "
              + e.getMessage()
              + ". Give the model.zip of a finished run; copy it again if it was copied.",
          e);
    }
  }

  private static StoredModel model(String file, Dl4jModelFile.Content content) throws IOException {
    String job = content.extras().get(JOB_ENTRY);
    String description = content.extras().get(MODEL_ENTRY);
    if (job == null || description == null) {
      throw new JobException(
          "The model "
              + file
              + " opens in DL4J but was not written by Tessera: it has no class names and image settings. Evaluate it with DL4J,"
              + " or give the model.zip of a run.");
    }
    Described described = described(job, parse(description));
    Workload workload = described.workload();
    NetworkPlan network = workload.network();
    if (content.state().parameters().length != network.parameterCount()) {
      throw new IOException(
          "it has "
              + content.state().parameters().length
              + " parameters where its network has "
              + network.parameterCount());
    }
    return new StoredModel(described.job(), workload, content.state(), described.classNames());
  }

  /** What our own entries say. */
  private record Described(Job job, Workload workload, List<String> classNames) {}

  private static Described described(String job, JsonNode json) throws IOException {
    List<String> classNames = new ArrayList<>();
    json.path("classNames").forEach(name -> classNames.add(name.asText()));
    try {
      Job trained = JobParser.parse(job, List.of());
      NetworkPlan network = trained.model().compile(trained.image().shape(), classNames.size());
      PixelScaling scaling = new PixelScaling(floats(json, "scale"), floats(json, "shift"));
      // Of files without it, the job's, which may be larger than any shard was.
      int batchSize = json.path("batchSize").asInt(trained.training().batchSize());
      Workload workload = trained.training().workload(network, scaling).capped(batchSize);
      return new Described(trained, workload, List.copyOf(classNames));
    } catch (JobException | NetworkException | IllegalArgumentException e) {
      // Each was checked before it was written.
      throw new IOException(
          JOB_ENTRY + " and " + MODEL_ENTRY + " in it are damaged: " + e.getMessage(), e);
    }
  }

  private static JsonNode parse(String json) throws IOException {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IOException(MODEL_ENTRY + " in it is not JSON", e);
    }
  }

  private static List<Float> floats(JsonNode json, String name) {
    List<Float> values = new ArrayList<>();
    json.path("scaling").path(name).forEach(value -> values.add(value.floatValue()));
    return values;
  }
}
