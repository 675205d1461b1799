package dev.tessera.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is killed, and whenever: the model and the records are those of an undisturbed run. */
class SoakIT {
  @TempDir private Path folder;

  @Test
  void twentyKillsAtRandomMomentsChangeNoBit() throws IOException {
    assertAllEqual(20, soak().kill(10, 0, 10));
  }

  @Test
  @Tag("soak")
  void twoHundredKillsInEveryPhaseChangeNoBit() throws IOException {
    List<Soak.Row> rows = soak().kill(60, 50, 90);
    assertAllEqual(200, rows);
    assertThat(rows.stream().map(Soak.Row::moment).distinct()).hasSize(Moment.values().length);
  }

  private Soak soak() throws IOException {
    return new Soak(folder, System.nanoTime(), System.out);
  }

  private static void assertAllEqual(int kills, List<Soak.Row> rows) {
    assertThat(rows).hasSize(kills).allMatch(Soak.Row::equal);
  }
}
