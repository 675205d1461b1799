package dev.tessera.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.error.JobException;
import dev.tessera.error.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private final List<String> warnings = new ArrayList<>();

  private Checkpoints checkpoints(int kept) {
    return new Checkpoints(RunFolder.at(new LocalStorage(), folder.toString()), kept);
  }

  private static Checkpoint checkpoint(int round) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    tensors.put("parameters", new float[] {round, -0f, Float.NaN, Float.MIN_VALUE});
    tensors.put("updaterState", new float[100_000]);
    tensors.put("outerState", new float[0]);
    Objects.requireNonNull(tensors.get("updaterState"))[99_999] = round + 0.5f;
    ObjectNode state = JSON.createObjectNode().put("rollbacks", 2);
    return new Checkpoint(round, state, tensors);
  }

  private List<String> folders() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("checkpoints"))) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatIsWrittenIsReadBackBitForBit() {
    Checkpoint written = checkpoint(7);
    checkpoints(1).write(written);
    Checkpoint read = checkpoints(1).latest(warnings::add).orElseThrow();
    assertThat(read.round()).isEqualTo(7);
    assertThat(read.state().path("rollbacks").asInt()).isEqualTo(2);
    assertThat(read.tensors().keySet()).containsExactly("parameters", "updaterState", "outerState");
    read.tensors()
        .forEach(
            (name, values) ->
                assertThat(bits(values))
                    .isEqualTo(bits(Objects.requireNonNull(written.tensors().get(name)))));
    assertThat(warnings).isEmpty();
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @Test
  void theLastOnesStayAndTheBest() throws IOException {
    Checkpoints checkpoints = checkpoints(2);
    for (int round = 1; round <= 5; round++) {
      checkpoints.write(checkpoint(round));
    }
    checkpoints.writeBest(checkpoint(1));
    checkpoints.writeBest(checkpoint(3));
    assertThat(folders()).containsExactly("best-00000003", "round-00000004", "round-00000005");
    assertThat(checkpoints.latest(warnings::add).orElseThrow().round()).isEqualTo(5);
  }

  @Test
  void oneThatIsCutAnywhereIsPassedOverForTheOneBefore() throws IOException {
    checkpoints(9).write(checkpoint(1));
    checkpoints(9).write(checkpoint(2));
    for (String name : List.of("state.safetensors", "state.json")) {
      Path file = folder.resolve("checkpoints/round-00000002/" + name);
      byte[] whole = Files.readAllBytes(file);
      for (int length = 0; length < whole.length - 1; length += 1 + length / 20) {
        Files.write(file, Arrays.copyOf(whole, length));
        warnings.clear();
        assertThat(checkpoints(9).latest(warnings::add).orElseThrow().round())
            .as("%s of %d bytes", name, length)
            .isEqualTo(1);
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0))
            .startsWith(folder + "/checkpoints/round-00000002 is no whole checkpoint (");
      }
      Files.write(file, whole);
    }
    assertThat(checkpoints(9).latest(warnings::add).orElseThrow().round()).isEqualTo(2);
  }

  @Test
  void oneOfAnotherFormatIsRefusedAndNotPassedOver() throws IOException {
    checkpoints(9).write(checkpoint(1));
    checkpoints(9).write(checkpoint(2));
    Path file = folder.resolve("checkpoints/round-00000002/state.json");
    String whole = Files.readString(file);
    String later = whole.replace("\"schema\" : 1", "\"schema\" : 2");
    Files.writeString(
        file, later.replaceFirst("\\{", "{ \"identity\" : { \"tessera\" : \"0.9.0\" },"));
    assertThatThrownBy(() -> checkpoints(9).latest(warnings::add))
        .isInstanceOf(JobException.class)
        .hasMessage(
            folder
                + "/checkpoints/round-00000002 is a checkpoint of schema 2, written by Tessera 0.9.0;"
                + " this version reads schema 1. Go on with a version that reads it, or give this run"
                + " a folder of its own with --run-dir DIR.");
    Files.writeString(file, later);
    assertThatThrownBy(() -> checkpoints(9).latest(warnings::add))
        .hasMessageContaining("schema 2, written by Tessera of unknown version; this version");
    assertThat(warnings).isEmpty();
  }

  @Test
  void oneWithoutAFormatIsDamaged() throws IOException {
    checkpoints(9).write(checkpoint(1));
    checkpoints(9).write(checkpoint(2));
    Path file = folder.resolve("checkpoints/round-00000002/state.json");
    String whole = Files.readString(file);
    for (String odd :
        List.of("\"schema\" : 0", "\"schema\" : \"2\"", "\"schema\" : 1.5", "\"x\" : 1")) {
      Files.writeString(file, whole.replace("\"schema\" : 1", odd));
      warnings.clear();
      assertThat(checkpoints(9).latest(warnings::add).orElseThrow().round()).as(odd).isEqualTo(1);
      assertThat(warnings)
          .containsExactly(
              folder
                  + "/checkpoints/round-00000002 is no whole checkpoint (state.json has no schema): the"
                  + " one before it is taken.");
    }
  }

  @Test
  void aFlippedBitIsFound() throws IOException {
    checkpoints(9).write(checkpoint(1));
    checkpoints(9).write(checkpoint(2));
    Path file = folder.resolve("checkpoints/round-00000002/state.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 5] ^= 4;
    Files.write(file, bytes);
    assertThat(checkpoints(9).latest(warnings::add).orElseThrow().round()).isEqualTo(1);
    assertThat(warnings.get(0)).contains("state.safetensors has the checksum ");
  }

  @Test
  void oneThatIsNotWholePushesNoneOut() throws IOException {
    checkpoints(1).write(checkpoint(7));
    checkpoints(9).write(checkpoint(14));
    Files.delete(folder.resolve("checkpoints/round-00000014/state.json"));
    assertThat(checkpoints(1).latest(warnings::add).orElseThrow().round()).isEqualTo(7);
    checkpoints(1).write(checkpoint(10));
    assertThat(folders()).containsExactly("round-00000010");
    assertThat(checkpoints(1).latest(warnings::add).orElseThrow().round()).isEqualTo(10);
  }

  @Test
  void aStoreThatRefusesIsNotTakenForDamage() {
    checkpoints(9).write(checkpoint(1));
    Storage refusing =
        new HookedStorage(
            (operation, path) -> {
              if (operation.equals("open") && path.endsWith("/state.json")) {
                throw new IOException("503 Slow Down");
              }
            });
    Checkpoints refused = new Checkpoints(RunFolder.at(refusing, folder.toString()), 9);
    assertThatThrownBy(() -> refused.latest(warnings::add))
        .isInstanceOf(StorageException.class)
        .hasMessageStartingWith(
            "Cannot read " + folder + "/checkpoints/round-00000001/state.json: 503 Slow Down");
    assertThat(warnings).isEmpty();
  }

  @Test
  void withoutOneThereIsNone() {
    assertThat(checkpoints(1).latest(warnings::add)).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void whereTheFolderCanNotBeWrittenTheOthersStayWhole() throws IOException {
    checkpoints(1).write(checkpoint(1));
    Files.writeString(folder.resolve("checkpoints/round-00000002"), "in the way");
    assertThatThrownBy(() -> checkpoints(1).write(checkpoint(2)))
        .isInstanceOf(StorageException.class)
        .hasMessageStartingWith(
            "Cannot write " + folder + "/checkpoints/round-00000002/state.safetensors: ");
    Files.delete(folder.resolve("checkpoints/round-00000002"));
    assertThat(checkpoints(1).latest(warnings::add).orElseThrow().round()).isEqualTo(1);
  }
}
