package dev.tessera.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtobufWriterTest {
  private static final long[] NUMBERS = {
    0, 1, 127, 128, 300, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE
  };

  private static Field field(ProtobufWriter message, int number) throws IOException {
    return UnknownFieldSet.parseFrom(message.bytes()).getField(number);
  }

  @Test
  void numbersOfAnySizeAreRead() throws IOException {
    for (long number : NUMBERS) {
      ProtobufWriter message = new ProtobufWriter().int64(16, number);
      assertThat(field(message, 16).getVarintList()).containsExactly(number);
      Protobuf read =
          new Protobuf(new ByteArrayInputStream(message.bytes()), message.bytes().length);
      assertThat(read.tag()).isEqualTo(Protobuf.tag(16, Protobuf.VARINT));
      assertThat(read.varint()).isEqualTo(number);
      assertThat(read.hasNext()).isFalse();
    }
  }

  @Test
  void floatingNumbersKeepTheirBits() throws IOException {
    ProtobufWriter message =
        new ProtobufWriter()
            .float32(1, Float.NaN)
            .float32(2, -0f)
            .float64(3, Double.NEGATIVE_INFINITY)
            .float64(4, 0.1);
    assertThat(field(message, 1).getFixed32List()).containsExactly(0x7fc00000);
    assertThat(field(message, 2).getFixed32List()).containsExactly(0x80000000);
    assertThat(field(message, 3).getFixed64List()).containsExactly(0xfff0000000000000L);
    assertThat(field(message, 4).getFixed64List()).containsExactly(Double.doubleToLongBits(0.1));
  }

  @Test
  void textsListsAndMessagesHaveTheirLengthBeforeThem() throws IOException {
    String text = "ü".repeat(100);
    ProtobufWriter inner = new ProtobufWriter().text(1, text);
    ProtobufWriter message =
        new ProtobufWriter().message(2, inner).float64(3, List.of(1.5, -2.0)).text(4, "");
    UnknownFieldSet read =
        UnknownFieldSet.parseFrom(field(message, 2).getLengthDelimitedList().get(0));
    assertThat(read.getField(1).getLengthDelimitedList().get(0).toStringUtf8()).isEqualTo(text);
    ByteBuffer packed =
        field(message, 3)
            .getLengthDelimitedList()
            .get(0)
            .asReadOnlyByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(List.of(packed.getDouble(), packed.getDouble())).containsExactly(1.5, -2.0);
    assertThat(packed.hasRemaining()).isFalse();
    assertThat(field(message, 4).getLengthDelimitedList().get(0).isEmpty()).isTrue();
    assertThat(field(new ProtobufWriter().float64(1, Collections.emptyList()), 1))
        .satisfies(none -> assertThat(none.getLengthDelimitedList().get(0).isEmpty()).isTrue());
  }
}
