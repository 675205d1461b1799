package dev.tessera.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Older processors than this one, as far as oneDNN pretends to be on them. */
class InstructionSetsTest {
  /** Of the norm of the probabilities, which are continuous in every sum. */
  private static final double FORWARD_TOLERANCE = 1e-5;

  /**
   * Of the norm of the movement in one step: sums in other orders are off by 1e-7 of their terms,
   * 5e-7 is what is usual. A value that comes to lie on the other side of a relu or of a maximum
   * takes its gradient elsewhere, which gave 7e-4 in one of twelve: therefore the best of several
   * starts counts. What is computed wrongly is wrong from every start.
   */
  private static final double SMALL_TOLERANCE = 1e-5;

  /**
   * Of the norm of the movement in one step: batch norm sums tens of thousands of values, and its
   * gradient is a small difference of large ones, layer after layer. 6e-5 was seen.
   */
  private static final double NAMED_TOLERANCE = 2e-4;

  private static final Map<String, String> NAMES =
      Map.of("SSE41", "sse4.1", "AVX", "avx", "AVX2", "avx2", "AVX512_CORE", "avx512");

  @TempDir Path folder;

  @BeforeEach
  void onlyWhereCapsExist() {
    Assumptions.assumeTrue(
        System.getProperty("os.arch").equals("amd64"), "the caps are those of x86-64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSE41", "AVX2"})
  void smallNetworksLearnTheSameWithoutSlowOperations(String cap) throws Exception {
    learnsTheSame(cap, List.of(), SMALL_TOLERANCE);
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(strings = {"SSE41", "AVX", "AVX2", "AVX512_CORE"})
  void namedNetworksLearnTheSameWithoutSlowOperations(String cap) throws Exception {
    learnsTheSame(cap, List.of("reference", "resnet18"), NAMED_TOLERANCE);
  }

  private void learnsTheSame(String cap, List<String> networks, double tolerance) throws Exception {
    Path file = folder.resolve("floats");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CappedTraining.class.getName(),
                file.toString()));
    command.addAll(networks);
    String output = run(command, cap);
    // A processor that has less than the cap shows what it has.
    assertThat(output.lines().filter(line -> line.startsWith("instruction set ")))
        .first()
        .asString()
        .isIn("instruction set " + NAMES.get(cap), "instruction set " + OneDnn.instructionSet());
    assertThat(output.lines().filter(line -> line.startsWith("slow "))).isEmpty();
    FloatBuffer actual = ByteBuffer.wrap(Files.readAllBytes(file)).asFloatBuffer();
    Iterator<float[]> expected = CappedTraining.train(networks).iterator();
    while (expected.hasNext()) {
      double forward = 0;
      double movement = Double.POSITIVE_INFINITY;
      for (int start = 0; start < CappedTraining.STARTS; start++) {
        forward = Math.max(forward, difference(actual, expected.next()));
        movement = Math.min(movement, difference(actual, expected.next()));
      }
      assertThat(forward).as("probabilities, worst start").isLessThan(FORWARD_TOLERANCE);
      assertThat(movement).as("movement of the parameters, best start").isLessThan(tolerance);
    }
    assertThat(actual.hasRemaining()).isFalse();
  }

  /** Of the next values from the expected ones, relative to their norm. */
  private static double difference(FloatBuffer actual, float[] expected) {
    double difference = 0;
    double size = 0;
    for (float value : expected) {
      difference += square(actual.get() - value);
      size += square(value);
    }
    return Math.sqrt(difference / size);
  }

  private static String run(List<String> command, String cap)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("ONEDNN_MAX_CPU_ISA", cap);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).describedAs(output).isZero();
    return output;
  }

  private static double square(double value) {
    return value * value;
  }
}
