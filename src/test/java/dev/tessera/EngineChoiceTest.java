package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.engine.Engine;
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
import dev.tessera.error.JobException;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.NamedNetworks;
import dev.tessera.network.Shape;
import dev.tessera.spark.WorkerJvm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineChoiceTest {
  private static final String OBSTACLE = "the processor (avx2) has neither avx512_bf16 nor amx";

  /** JVMs on hosts a, b, ...: old processors can't bfloat16. */
  private static EngineChoice choice(Kind kind, Precision precision, boolean... old) {
    Workload workload =
        new Workload(
            NamedNetworks.named("lenet5").compile(new Shape.Image(28, 28, 1), 10),
            PixelScaling.unit(1),
            Objective.PLAIN,
            new Updater.Sgd(),
            Regularisation.NONE,
            GradientClipping.NONE,
            4);
    return EngineChoice.of(
        new EngineSettings(kind, precision), workload, "model", engine -> jvms(engine, old));
  }

  private static WorkerJvms jvms(Engine engine, boolean... old) {
    boolean wide = engine.equals(new OneDnnEngine(Precision.BFLOAT16));
    List<WorkerJvm> jvms = new ArrayList<>();
    for (int i = 0; i < old.length; i++) {
      jvms.add(Jvms.jvm(i, old[i] ? "avx2" : "avx512_bf16", old[i] && wide ? OBSTACLE : "", ""));
    }
    return new WorkerJvms(jvms);
  }

  @Test
  void takesTheFastEngineWithoutAWord() {
    EngineChoice choice = choice(Kind.AUTO, Precision.FLOAT, true);
    assertThat(choice.engine()).isEqualTo(new OneDnnEngine(Precision.FLOAT));
    assertThat(choice.notes()).isEmpty();
  }

  @Test
  void takesBfloat16WhereTheProcessorsHaveIt() {
    EngineChoice choice = choice(Kind.ONEDNN, Precision.BFLOAT16, false, false);
    assertThat(choice.engine()).isEqualTo(new OneDnnEngine(Precision.BFLOAT16));
    assertThat(choice.notes()).isEmpty();
  }

  @Test
  void saysThatItUsesFloatWhereNoProcessorHasBfloat16() {
    EngineChoice choice = choice(Kind.AUTO, Precision.BFLOAT16, true, true);
    assertThat(choice.engine()).isEqualTo(new OneDnnEngine(Precision.FLOAT));
    assertThat(choice.jvms().noneAble()).isFalse();
    assertThat(choice.notes())
        .containsExactly(
            "training.precision = bfloat16, but the processor (avx2) has neither avx512_bf16 nor amx:"
                + " the run uses float.");
  }

  @Test
  void refusesBfloat16WhereOnlySomeProcessorsHaveIt() {
    assertThatThrownBy(() -> choice(Kind.AUTO, Precision.BFLOAT16, false, true, true))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "training.precision = bfloat16 does not run on every executor: on host-b, host-c the"
                + " processor (avx2) has neither avx512_bf16 nor amx. Set training.precision = float,"
                + " or use executors of one kind that have it.");
  }

  @Test
  void saysThatNd4jKnowsFloatAlone() {
    EngineChoice choice = choice(Kind.ND4J, Precision.BFLOAT16, false);
    assertThat(choice.engine()).isEqualTo(new Nd4jEngine());
    assertThat(choice.notes())
        .containsExactly("training.precision = bfloat16, but engine nd4j runs in float alone.");
  }
}
