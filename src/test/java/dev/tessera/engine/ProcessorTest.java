package dev.tessera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorTest {
  @Test
  void readsWhatLinuxSaysOfX86() {
    assertThat(
            Processor.of(
                """
                processor\t: 0
                model name\t: AMD EPYC 9B14
                flags\t\t: fpu sse4_2 avx avx2 avx512f avx512_bf16

                processor\t: 1
                model name\t: Other
                flags\t\t: fpu
                """))
        .isEqualTo(new Processor("AMD EPYC 9B14", "avx512_bf16"));
  }

  /** There the model has no name. */
  @Test
  void readsWhatLinuxSaysOfArm() {
    assertThat(Processor.of("processor\t: 0\nFeatures\t: fp asimd crc32\n"))
        .isEqualTo(new Processor(System.getProperty("os.arch"), "asimd"));
  }

  @Test
  void knowsTheArchitectureWhereTheSystemSaysNothing() {
    assertThat(Processor.of("")).isEqualTo(new Processor(System.getProperty("os.arch"), "unknown"));
  }
}
