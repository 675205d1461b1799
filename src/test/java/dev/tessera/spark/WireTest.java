package dev.tessera.spark;

import static dev.tessera.round.Toy.assertEqualBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.engine.ReplicaState;
import dev.tessera.round.WorkerReport;
import dev.tessera.round.WorkerResult;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireTest {
  private static final WorkerReport REPORT = new WorkerReport(3, 64, 1.5, 2.5, "", "here", 7);

  private static ReplicaState state(float... parameters) {
    return new ReplicaState(parameters, new float[] {4, 5});
  }

  @Test
  void givesBackEveryBitOfEveryFloat() {
    ReplicaState odd =
        new ReplicaState(
            new float[] {-0f, Float.MIN_VALUE, Float.NaN, Float.intBitsToFloat(0x7fc12345)},
            new float[0]);
    assertEqualBits(Wire.value(Wire.bytes(odd), ReplicaState.class), odd);
  }

  @Test
  void givesBackWhatStandsAroundTheFloats() {
    WorkerResult copy =
        Wire.value(Wire.bytes(new WorkerResult(REPORT, state(1, 2, 3))), WorkerResult.class);
    assertThat(copy.report()).isEqualTo(REPORT);
    assertEqualBits(copy.state(), state(1, 2, 3));
  }

  @Test
  void carriesValuesWithoutFloats() {
    assertThat(Wire.value(Wire.bytes(REPORT), WorkerReport.class)).isEqualTo(REPORT);
  }

  @Test
  void takesLittleMoreThanItsFloats() {
    byte[] bytes = Wire.bytes(state(new float[10_000]));
    assertThat(bytes.length).isBetween(40_008, 40_500);
  }

  @Test
  void saysWhatItCouldNotRead() {
    byte[] bytes = Wire.bytes(REPORT);
    bytes[Integer.BYTES] = 0; // of the object's own header
    assertThatThrownBy(() -> Wire.value(bytes, WorkerReport.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read a dev.tessera.round.WorkerReport of " + bytes.length + " bytes");
  }

  @Test
  void readsAnArrayOnceAndTheNextAnew() {
    LastRead<ReplicaState> last = new LastRead<>(ReplicaState.class, WeakReference::new);
    byte[] first = Wire.bytes(state(1));
    byte[] second = Wire.bytes(state(2));
    ReplicaState read = last.of(first);
    assertThat(last.of(first)).isSameAs(read);
    ReplicaState next = last.of(second);
    assertEqualBits(next, state(2));
    assertEqualBits(last.of(first.clone()), state(1));
    assertThat(List.of(read, next)).doesNotContain(last.of(first));
  }

  @Test
  void findsWhatTheBytesWereMadeOf() {
    LastRead<ReplicaState> last = new LastRead<>(ReplicaState.class, WeakReference::new);
    ReplicaState sent = state(1);
    byte[] bytes = Wire.bytes(sent);
    last.remember(bytes, sent);
    assertThat(last.of(bytes)).isSameAs(sent);
  }
}
