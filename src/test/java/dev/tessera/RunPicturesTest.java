package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.engine.Precision;
import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.Workloads;
import dev.tessera.engine.onednn.OneDnnEngine;
import dev.tessera.error.StorageException;
import dev.tessera.image.PixelBlock;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.Shape;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import dev.tessera.round.ActivationTask;
import dev.tessera.round.FitTask;
import dev.tessera.run.LocalStorage;
import dev.tessera.run.RunFolder;
import dev.tessera.run.RunLog;
import dev.tessera.stats.ImageActivations;
import dev.tessera.stats.ShownExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunPicturesTest {
  /** Characters of pictures.json, of which a report has all. */
  private static final int MOST_CHARACTERS = 700_000;

  @TempDir Path folder;

  /** Of noise through random weights, which no trained network leaves as unlike each other. */
  @ParameterizedTest
  @CsvSource({"resnet50, 224", "resnet18, 64", "reference, 32", "vgg11, 32", "mobilenet, 96"})
  void stayWellBelowAMegabyteWhateverTheNetwork(String name, int side) {
    Shape.Image input = new Shape.Image(side, side, 3);
    Workload workload =
        Workloads.of(
            NamedNetworks.named(name).compile(input, 1000),
            PixelScaling.symmetric(3),
            new Updater.Sgd(),
            0,
            4);
    ReplicaState state = workload.initialState(1);
    List<ImageActivations> shown = shown(workload, state, input);
    String json = RunPictures.json(workload.network(), state, Optional.empty(), shown).toString();
    System.out.printf("%s at %d: pictures.json of %,d characters%n", name, side, json.length());
    assertThat(json.length()).isLessThan(MOST_CHARACTERS);
    assertThat(shown).hasSize(4);
  }

  private static List<ImageActivations> shown(
      Workload workload, ReplicaState state, Shape.Image input) {
    byte[] pixels = new byte[4 * input.size()];
    RandomStream random = RandomStream.of(1, Purpose.SHOWN_EXAMPLES);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(256);
    }
    String[] origins = {"a", "b", "c", "d"};
    List<ShownExample> wanted = new ArrayList<>();
    for (int i = 0; i < origins.length; i++) {
      wanted.add(new ShownExample(origins[i], i));
    }
    PixelBlock block = new PixelBlock(input, pixels, new int[] {0, 1, 2, 3}, origins);
    try {
      return new ActivationTask(new OneDnnEngine(Precision.FLOAT), workload, 1)
          .show(() -> state, wanted, List.of(block).iterator());
    } finally {
      FitTask.releaseReplicas();
    }
  }

  @Test
  void activationsThatCannotBeComputedAreAWarningWithTheStackInTheLog() throws IOException {
    assertThat(
            logOf(
                () -> {
                  throw new StorageException("photos/test can't be read.", new IOException("gone"));
                }))
        .contains(
            "WARN The run is whole, but there are no pictures of what the layers make of images of"
                + " the test set: photos/test can't be read.\n")
        .contains("Caused by: java.io.IOException: gone");
    assertThat(
            logOf(
                () -> {
                  throw new AssertionError();
                }))
        .contains("images of the test set: java.lang.AssertionError\n");
  }

  private String logOf(Supplier<List<ImageActivations>> activations) throws IOException {
    RunFolder run = RunFolder.at(new LocalStorage(), folder.toString());
    try (RunLog log = new RunLog(run)) {
      assertThat(RunPictures.orNone(log, "test", () -> false, activations)).isEmpty();
    }
    return Files.readString(folder.resolve(RunFolder.LOG));
  }

  /** The run is not over then: the same command makes the pictures. */
  @Test
  void aSignalWhileActivationsAreComputedEndsTheRun() {
    RunFolder run = RunFolder.at(new LocalStorage(), folder.toString());
    IllegalStateException failure = new IllegalStateException("Job 7 was cancelled");
    try (RunLog log = new RunLog(run)) {
      assertThatThrownBy(
              () ->
                  RunPictures.orNone(
                      log,
                      "test",
                      () -> true,
                      () -> {
                        throw failure;
                      }))
          .isSameAs(failure);
    }
  }
}
