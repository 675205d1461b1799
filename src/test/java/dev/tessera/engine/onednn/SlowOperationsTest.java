package dev.tessera.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SlowOperationsTest {
  private static Operation operation(String name, String implementation) {
    return new Operation() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String implementation() {
        return implementation;
      }

      @Override
      public void run() {}
    };
  }

  @Test
  void namesSomeOperationsOfEveryPortableImplementation() {
    assertThat(
            SlowOperations.describe(
                "lenet5",
                true,
                List.of(
                    operation("conv1 forward", "gemm:ref"),
                    operation("conv1 activation backward", "ref:any"),
                    operation("conv2 forward", "gemm:ref"),
                    operation("pool1 forward", "simple_nchw:any"),
                    operation("conv3 forward", "gemm:ref"),
                    operation("conv4 forward", "gemm:ref"))))
        .isEqualTo(
            "Training of lenet5 runs slow operations, for which oneDNN has portable code alone here ("
                + OneDnn.instructionSet()
                + "): gemm:ref for conv1 forward, conv2 forward, conv3 forward and 1 more; ref:any for conv1"
                + " activation backward.");
  }

  @Test
  void saysNothingOfOperationsMadeForTheProcessor() {
    List<Operation> fast =
        List.of(operation("conv1 forward", "jit:sse41"), operation("loss", "java"));
    assertThat(SlowOperations.describe("lenet5", false, fast)).isEmpty();
  }
}
