package dev.tessera.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.tensorflow.hadoop.util.TFRecordReader;

class FrameTest {
  private static final byte[] DATA = "123456789".getBytes(StandardCharsets.US_ASCII);

  /** CRC32C of these digits is e3069283 (RFC 3720); the rest is arithmetic. */
  private static final int MASKED = Integer.rotateRight(0xe3069283, 15) + 0xa282ead8;

  private static byte @Nullable [] next(byte[] file) throws IOException {
    return Frame.next(new ByteArrayInputStream(file));
  }

  @Test
  void masksTheKnownChecksum() {
    assertThat(Frame.checksum(DATA, DATA.length)).isEqualTo(MASKED);
    assertThat(Frame.checksum("123456789x".getBytes(StandardCharsets.US_ASCII), 9))
        .isEqualTo(MASKED);
  }

  @Test
  void lengthAndChecksumsLieAroundTheData() {
    byte[] frame = Frame.of(DATA);
    assertThat(frame).hasSize(Frame.HEADER_BYTES + DATA.length + Frame.FOOTER_BYTES);
    assertThat(HexFormat.of().formatHex(frame, 0, 8)).isEqualTo("0900000000000000");
    assertThat(Arrays.copyOfRange(frame, 12, 21)).isEqualTo(DATA);
    assertThat(HexFormat.of().formatHex(frame, 21, 25))
        .isEqualTo(HexFormat.of().toHexDigits(Integer.reverseBytes(MASKED)));
  }

  @Test
  void tensorFlowReadsWhatIsWrittenAndSoDoWe() throws IOException {
    for (int length : new int[] {0, 1, 127, 128, 70_000}) {
      byte[] data = new byte[length];
      Arrays.fill(data, (byte) 0xa5);
      byte[] frame = Frame.of(data);
      assertThat(new TFRecordReader(new ByteArrayInputStream(frame), true).read()).isEqualTo(data);
      assertThat(next(frame)).isEqualTo(data);
    }
  }

  @Test
  void aRecordThatIsCutOrDamagedAnywhereIsNone() throws IOException {
    byte[] frame = Frame.of(DATA);
    for (int i = 0; i < frame.length; i++) {
      assertThat(next(Arrays.copyOf(frame, i))).as("cut at " + i).isNull();
      byte[] damaged = frame.clone();
      damaged[i] ^= 0x10;
      assertThat(next(damaged)).as("damaged at " + i).isNull();
    }
  }
}
