package dev.tessera;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.dataset.ImageDataset;
import dev.tessera.engine.Workload;
import dev.tessera.job.Job;
import java.time.Instant;
import org.apache.spark.api.java.JavaSparkContext;

/** {@code manifest.json}: what a run ran on and with, so that it can be repeated. */
final class Manifest {
  /** Only of a run that is over. */
  static final String FINISHED = "finished";

  private static final int SCHEMA = 1;

  private Manifest() {}

  static ObjectNode of(
      JavaSparkContext spark,
      Job job,
      ImageDataset images,
      EngineChoice choice,
      Workload workload) {
    ObjectNode json = new ObjectMapper().createObjectNode().put("schema", SCHEMA);
    json.put("run", job.run().name())
        .put("seed", job.run().seed())
        .put("started", Instant.now().toString());
    json.putObject("versions")
        .put("tessera", Version.CURRENT)
        .put("spark", spark.version())
        .put("java", System.getProperty("java.version"));
    json.putObject("cluster")
        .put("master", spark.master())
        .put("applicationId", spark.sc().applicationId())
        .put("defaultParallelism", spark.defaultParallelism())
        .put("architecture", System.getProperty("os.arch"))
        .put("instructionSet", choice.jvms().instructionSets());
    json.putObject("engine")
        .put("name", choice.engine().name())
        .put("library", choice.jvms().libraries())
        .put("processor", choice.jvms().processors())
        .put("memoryBytesPerWorker", choice.engine().plan(workload).totalBytes());
    json.putObject("network")
        .put("name", workload.network().name())
        .put("parameters", workload.network().parameterCount())
        .put("trainableParameters", workload.network().trainableCount());
    ObjectNode dataset = json.putObject("dataset");
    images.classNames().forEach(dataset.putArray("classNames")::add);
    dataset.put("trainExamples", images.train().examples());
    dataset.put("trainHash", images.train().contentHash());
    if (images.validation() != null) {
      dataset.put("validationExamples", images.validation().examples());
      dataset.put("validationHash", images.validation().contentHash());
    }
    if (images.test() != null) {
      dataset.put("testExamples", images.test().examples());
      dataset.put("testHash", images.test().contentHash());
    }
    return json;
  }

  /** Notes that the run is over, and everything it leaves is there. */
  static void finish(ObjectNode manifest, Trained trained, double seconds) {
    manifest
        .putObject(FINISHED)
        .put("at", Instant.now().toString())
        .put("rounds", trained.rounds())
        .put("modelRound", trained.modelRound())
        .put("stoppedEarly", trained.stoppedEarly())
        .put("seconds", seconds);
  }
}
