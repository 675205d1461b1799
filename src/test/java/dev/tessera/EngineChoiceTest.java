package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.engine.EngineSettings;
import dev.tessera.engine.EngineSettings.Kind;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Precision;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Updater;
import dev.tessera.engine.Workload;
import dev.tessera.engine.nd4j.Nd4jEngine;
import dev.tessera.engine.onednn.OneDnnEngine;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.Shape;
import org.junit.jupiter.api.Test;

class EngineChoiceTest {
  private static final String OLD = "avx2";
  private static final String NEW = "avx512_bf16";

  private static EngineChoice choice(Kind kind, Precision precision, String instructionSet) {
    Workload workload =
        new Workload(
            NamedNetworks.named("lenet5").compile(new Shape.Image(28, 28, 1), 10),
            PixelScaling.unit(1),
            Objective.PLAIN,
            new Updater.Sgd(),
            Regularisation.NONE,
            GradientClipping.NONE,
            4);
    return EngineChoice.of(new EngineSettings(kind, precision), workload, "model", instructionSet);
  }

  @Test
  void takesTheFastEngineWithoutAWord() {
    EngineChoice choice = choice(Kind.AUTO, Precision.FLOAT, OLD);
    assertThat(choice.engine()).isEqualTo(new OneDnnEngine(Precision.FLOAT));
    assertThat(choice.notes()).isEmpty();
  }

  @Test
  void takesBfloat16WhereTheProcessorHasIt() {
    EngineChoice choice = choice(Kind.ONEDNN, Precision.BFLOAT16, NEW);
    assertThat(choice.engine()).isEqualTo(new OneDnnEngine(Precision.BFLOAT16));
    assertThat(choice.notes()).isEmpty();
  }

  @Test
  void saysThatItUsesFloatWhereTheProcessorLacksBfloat16() {
    EngineChoice choice = choice(Kind.AUTO, Precision.BFLOAT16, OLD);
    assertThat(choice.engine()).isEqualTo(new OneDnnEngine(Precision.FLOAT));
    assertThat(choice.notes())
        .containsExactly(
            "training.precision = bfloat16, but the processor here (avx2) has neither avx512_bf16 nor"
                + " amx: the run uses float.");
  }

  @Test
  void saysThatNd4jKnowsFloatAlone() {
    EngineChoice choice = choice(Kind.ND4J, Precision.BFLOAT16, NEW);
    assertThat(choice.engine()).isEqualTo(new Nd4jEngine());
    assertThat(choice.notes())
        .containsExactly("training.precision = bfloat16, but engine nd4j runs in float alone.");
  }
}
