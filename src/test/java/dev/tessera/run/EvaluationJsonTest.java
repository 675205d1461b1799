package dev.tessera.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.stats.Evaluation;
import dev.tessera.stats.EvaluationCounts;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class EvaluationJsonTest {
  @Test
  void holdsEveryFigure() {
    EvaluationCounts counts = new EvaluationCounts(2, false);
    counts.add(0, new float[] {1, 0}, 0);
    counts.add(1, new float[] {1, 0}, 0);
    counts.add(1, new float[] {0, 1}, 0);
    counts.add(1, new float[] {0, 1}, 0);
    Evaluation evaluation = Evaluation.of(counts, List.of("cat", "dog"));
    assertThat(EvaluationJson.complete(evaluation, "test").toString())
        .isEqualTo(
            "{\"schema\":1,\"set\":\"test\",\"examples\":4,\"accuracy\":0.75,\"top5\":1.0,"
                + "\"loss\":"
                + evaluation.loss()
                + ",\"classes\":["
                + "{\"name\":\"cat\",\"precision\":0.5,\"recall\":1.0,\"f1\":0.6666666666666666,\"support\":1},"
                + "{\"name\":\"dog\",\"precision\":1.0,\"recall\":0.6666666666666666,\"f1\":0.8,\"support\":3}],"
                + "\"confusion\":[[1,0],[1,2]]}");
  }

  @Test
  void figuresAreReadAsTheyWereWritten() {
    EvaluationCounts counts = new EvaluationCounts(2, true);
    counts.add(0, new float[] {0.25f}, 0);
    counts.add(1, new float[] {0.75f}, 0);
    Evaluation sigmoid = Evaluation.of(counts, List.of("no", "yes"));
    Evaluation nan =
        new Evaluation(
            1,
            0,
            1,
            Double.NaN,
            OptionalDouble.empty(),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    for (Evaluation evaluation : List.of(sigmoid, nan)) {
      ObjectNode json = EvaluationJson.complete(evaluation, "validation");
      assertThat(EvaluationJson.evaluation(json)).isEqualTo(evaluation);
      assertThat(EvaluationJson.set(json)).isEqualTo("validation");
    }
  }

  @Test
  void sigmoidHasItsRocAuc() {
    EvaluationCounts counts = new EvaluationCounts(2, true);
    counts.add(0, new float[] {0.25f}, 0);
    counts.add(1, new float[] {0.75f}, 0);
    assertThat(
            EvaluationJson.figures(Evaluation.of(counts, List.of("no", "yes")))
                .get("rocAuc")
                .doubleValue())
        .isEqualTo(1);
  }

  @Test
  void whatIsNotANumberIsNull() {
    EvaluationCounts counts = new EvaluationCounts(2, true);
    counts.add(1, new float[] {Float.NaN}, 0);
    String json = EvaluationJson.figures(Evaluation.of(counts, List.of("no", "yes"))).toString();
    assertThat(json)
        .isEqualTo("{\"examples\":1,\"accuracy\":0.0,\"top5\":1.0,\"loss\":null,\"rocAuc\":null}");
  }
}
