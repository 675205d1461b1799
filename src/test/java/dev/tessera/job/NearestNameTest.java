package dev.tessera.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  @Test
  void countsEdits() {
    assertThat(NearestName.distance("epochs", "epochs")).isZero();
    assertThat(NearestName.distance("epoch", "epochs")).isEqualTo(1);
    assertThat(NearestName.distance("trian", "train")).isEqualTo(1);
    assertThat(NearestName.distance("", "abc")).isEqualTo(3);
    assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
  }

  @Test
  void doesNotCountCaseAndHyphens() {
    assertThat(NearestName.distance("batch_size", "batchSize")).isZero();
    assertThat(NearestName.distance("Batch-Size", "batchSize")).isZero();
  }

  @Test
  void givesTheFirstOfSeveralEquallyNear() {
    assertThat(NearestName.of("ab", List.of("ac", "ad"))).isEqualTo("ac");
  }
}
