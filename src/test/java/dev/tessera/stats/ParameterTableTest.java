package dev.tessera.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.Golden;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterTableTest {
  private static ParameterStats stats(
      String layer, String parameter, List<Integer> shape, double... figures) {
    return new ParameterStats(
        layer,
        parameter,
        shape,
        figures[0],
        figures[1],
        figures[2],
        figures[3],
        figures[4],
        figures[5],
        figures[6],
        figures[7],
        figures[8],
        figures[9]);
  }

  private static final List<ParameterStats> STATS =
      List.of(
          stats("conv1", "bias", List.of(32), 0, 0, 0, 0, 0, 1, 0, 0.0123, 1.0 / 0, 0),
          stats(
              "conv1",
              "weights",
              List.of(32, 3, 3, 3),
              -0.00012345,
              0.27,
              -1.25,
              1.5,
              8.1234567,
              0,
              0,
              0.41,
              0.0505,
              0.00331),
          stats(
              "batchNorm1",
              "runningVariance",
              List.of(512),
              -9999.99,
              9999.5,
              -123456.7,
              1e9,
              1e30,
              0.125,
              0.5,
              1e-9,
              2e-12,
              5),
          stats(
              "dense12",
              "weights",
              List.of(25088, 4096),
              Double.NaN,
              Double.NaN,
              Double.NaN,
              Double.NaN,
              0,
              0,
              1,
              0,
              0,
              Double.POSITIVE_INFINITY));

  @Test
  void hasALineForEveryParameter() {
    Golden.check("parameter-table.txt", ParameterTable.of(STATS) + "\n");
  }

  @Test
  void linesAreEquallyLong() {
    assertThat(ParameterTable.of(STATS).lines().map(String::length).distinct()).hasSize(1);
  }

  @Test
  void nothingToShowIsTheHeadingAlone() {
    assertThat(ParameterTable.of(List.of()).strip().lines()).hasSize(1);
  }
}
