package dev.tessera.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.preview.Png;
import dev.tessera.run.LocalStorage;
import dev.tessera.run.RunFolder;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/**
 * The folder of a run that never was: as many rounds, layers and classes as a test wants, with
 * numbers that look like those of a network that learns.
 *
 * @param layers with weights and bias each
 * @param suffix to every name that comes from outside: of the run, its classes, layers and images
 */
record GeneratedRun(int rounds, int layers, int classes, int workers, String suffix) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int HISTOGRAMS = 60;

  /** One grey pixel. */
  private static final byte[] PNG =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==");

  GeneratedRun(int rounds, int layers) {
    this(rounds, layers, 10, 4, "");
  }

  /** Writes it, as a run that is over. */
  RunFolder in(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("job.conf"), "run { name = generated" + suffix + " }\n");
    Files.writeString(folder.resolve("summary.txt"), "Network" + suffix + "\n");
    Files.writeString(folder.resolve("manifest.json"), manifest().toString());
    Files.writeString(folder.resolve("evaluation.json"), evaluation().toString());
    Files.writeString(folder.resolve("pictures.json"), pictures().toString());
    rounds(folder.resolve("rounds.jsonl"));
    parameters(folder.resolve("parameters.jsonl"));
    histograms(folder.resolve("histograms.jsonl"));
    return RunFolder.at(new LocalStorage(), folder.toString());
  }

  private String className(int index) {
    return "class" + index + suffix;
  }

  private ObjectNode manifest() {
    ObjectNode json = JSON.createObjectNode().put("schema", 1).put("run", "generated" + suffix);
    json.put("seed", 7).put("started", "2026-01-02T03:04:05.678Z");
    json.putObject("versions").put("tessera", "1").put("spark", "2").put("java", "17");
    json.putObject("cluster").put("master", "local[4]").put("instructionSet", "avx2");
    json.putObject("engine").put("library", "onednn").put("processor", "Some CPU");
    json.putObject("network").put("name", "deep").put("parameters", 1_234_567);
    ObjectNode dataset = json.putObject("dataset").put("trainExamples", 50_000);
    for (int c = 0; c < classes; c++) {
      dataset.withArray("classNames").add(className(c));
    }
    json.putObject("finished").put("rounds", rounds).put("seconds", 4321.0);
    return json;
  }

  private ObjectNode evaluation() {
    ObjectNode json = JSON.createObjectNode().put("schema", 1).put("set", "test");
    json.put("examples", 100L * classes).put("accuracy", 0.9).put("top5", 0.99).put("loss", 0.3);
    ArrayNode figures = json.putArray("classes");
    ArrayNode confusion = json.putArray("confusion");
    for (int c = 0; c < classes; c++) {
      figures
          .addObject()
          .put("name", className(c))
          .put("precision", 0.9)
          .put("recall", 0.5 + 0.5 * c / classes)
          .put("f1", 0.9)
          .put("support", 100);
      ArrayNode row = confusion.addArray();
      for (int p = 0; p < classes; p++) {
        row.add(p == c ? 90 : p == (c + 1) % classes ? 10 : 0);
      }
    }
    return json;
  }

  private ObjectNode pictures() {
    ObjectNode json = JSON.createObjectNode().put("schema", 1);
    ObjectNode kernels = json.putObject("kernels").put("layer", layer(0)).put("outputs", 80);
    kernels.put("inputs", 3).put("height", 1).put("width", 1).put("largest", 0.5);
    for (int i = 0; i < 64; i++) {
      kernels.withArray("png").add(PNG);
    }
    for (int i = 0; i < 16; i++) {
      json.withArray("mistakes")
          .addObject()
          .put("origin", "images/" + i + suffix)
          .put("label", i % classes)
          .put("predicted", (i + 1) % classes)
          .put("probability", 0.99)
          .put("height", 1)
          .put("width", 1)
          .put("png", PNG);
    }
    activations(json.putObject("activations"));
    return json;
  }

  /** Every fourth layer is a vector; channels are as large as those of a network that pools. */
  private void activations(ObjectNode json) {
    for (int i = 0; i < 4; i++) {
      ObjectNode image = json.withArray("images").addObject();
      image.put("origin", "images/" + i + suffix).put("label", i % classes);
      image.put("height", 1).put("width", 1).put("png", PNG);
      for (int c = 0; c < Math.min(5, classes); c++) {
        ObjectNode one = image.withArray("probabilities").addObject();
        one.put("class", (i / 2 * 2 + c) % classes).put("probability", Math.pow(0.5, c + 1));
      }
      for (int l = 0; l < Math.min(24, layers); l++) {
        boolean vector = l % 4 == 3;
        int side = vector ? 1 : Math.max(4, 32 >> (l / 4));
        if (i == 0) {
          ObjectNode layer = json.withArray("layers").addObject();
          layer.put("layer", layer(l)).put("kind", vector ? "dense" : "conv").put("shown", 16);
          layer.put("height", side).put("width", side);
          (vector ? layer.withArray("shape") : layer.withArray("shape").add(side).add(side))
              .add(64);
        }
        ObjectNode made = image.withArray("layers").addObject();
        made.put("least", l == 2 ? 0 : -0.5).put("largest", l == 2 ? 0 : 1.25 + i);
        made.put("png", vector ? Png.of(1, 16, 1, grey(16, l + i)) : maps(side, l + i));
      }
    }
  }

  private static byte[] maps(int side, int seed) {
    return Png.of(16 * side, side, 1, grey(16 * side * side, seed));
  }

  private static byte[] grey(int count, int seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = (byte) (random.nextInt(32) * 8);
    }
    return pixels;
  }

  private void rounds(Path file) throws IOException {
    Random random = new Random(1);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int r = 1; r <= rounds; r++) {
        ObjectNode json = line("round", r).put("examples", 5120).put("loss", loss(r, random));
        json.put("learningRate", 0.02).put("averagingFrequency", 10).put("workers", workers);
        json.putArray("excludedWorkers");
        ObjectNode seconds = json.putObject("seconds").put("broadcast", 0.02).put("driver", 0.01);
        seconds.put("fit", 1 + 0.1 * random.nextDouble()).put("aggregate", 0.2);
        out.write(json.put("imagesPerSecond", 4000 + 100 * random.nextGaussian()) + "\n");
        if (r % Math.max(1, rounds / 20) == 0) {
          ObjectNode held = line("evaluation", r).put("examples", 1000).put("accuracy", 0.9);
          out.write(held.put("top5", 1).put("loss", loss(r, random)) + "\n");
        }
      }
    }
  }

  private static ObjectNode line(String kind, int round) {
    return JSON.createObjectNode()
        .put("schema", 1)
        .put("kind", kind)
        .put("round", round)
        .put("epoch", 1 + round / 50);
  }

  private static double loss(int round, Random random) {
    return 0.2 + 2 / Math.sqrt(round) + 0.02 * random.nextDouble();
  }

  private String layer(int index) {
    return "layer" + index + suffix;
  }

  private void parameters(Path file) throws IOException {
    Random random = new Random(2);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int r = 1; r <= rounds; r++) {
        ObjectNode json = line("parameters", r);
        ArrayNode blocks = json.putArray("parameters");
        for (int l = 0; l < layers; l++) {
          for (String name : List.of("weights", "bias")) {
            ObjectNode block = blocks.addObject().put("layer", layer(l)).put("parameter", name);
            block.putArray("shape").add(64).add(32).add(3).add(3);
            block.put("norm", 5 + l + random.nextDouble());
            block.put("updateRatio", 0.01 * random.nextDouble());
            block.put("divergence", workers == 1 ? 0 : 0.02 * random.nextDouble());
          }
        }
        out.write(json + "\n");
      }
    }
  }

  private void histograms(Path file) throws IOException {
    Random random = new Random(3);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int h = 1; h <= Math.min(rounds, HISTOGRAMS); h++) {
        ObjectNode json = line("histograms", h * Math.max(1, rounds / HISTOGRAMS));
        ArrayNode blocks = json.putArray("histograms");
        for (int l = 0; l < layers; l++) {
          for (String name : List.of("weights", "bias")) {
            ObjectNode block = blocks.addObject().put("layer", layer(l)).put("parameter", name);
            block.put("min", -0.01 * h - 0.1).put("max", 0.01 * h + 0.1);
            for (int bin = 0; bin < 32; bin++) {
              double distance = (bin - 15.5) / 6;
              block
                  .withArray("counts")
                  .add(Math.round(1000 * Math.exp(-distance * distance)) + random.nextInt(9));
            }
          }
        }
        out.write(json + "\n");
      }
    }
  }

  static ObjectMapper json() {
    return JSON;
  }
}
