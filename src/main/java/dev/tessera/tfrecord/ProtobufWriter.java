package dev.tessera.tfrecord;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One message in Protocol Buffers' wire format, written field by field in the order of the calls.
 * Every value is written, 0 too.
 */
public final class ProtobufWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** An {@code int64}. */
  public ProtobufWriter int64(int field, long value) {
    return tag(field, Protobuf.VARINT).varint(value);
  }

  /** A {@code float}. */
  public ProtobufWriter float32(int field, float value) {
    tag(field, Protobuf.FIXED_32);
    out.writeBytes(
        ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    return this;
  }

  /** A {@code double}. */
  public ProtobufWriter float64(int field, double value) {
    tag(field, Protobuf.FIXED_64);
    out.writeBytes(
        ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
    return this;
  }

  /** A packed list of {@code double}. */
  public ProtobufWriter float64(int field, List<Double> values) {
    ByteBuffer packed =
        ByteBuffer.allocate(Double.BYTES * values.size()).order(ByteOrder.LITTLE_ENDIAN);
    values.forEach(packed::putDouble);
    return delimited(field, packed.array());
  }

  /** A {@code string}. */
  public ProtobufWriter text(int field, String value) {
    return delimited(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A message within this one, as it is now. */
  public ProtobufWriter message(int field, ProtobufWriter value) {
    return delimited(field, value.bytes());
  }

  /** The message so far. */
  public byte[] bytes() {
    return out.toByteArray();
  }

  private ProtobufWriter delimited(int field, byte[] value) {
    tag(field, Protobuf.BYTES).varint(value.length);
    out.writeBytes(value);
    return this;
  }

  private ProtobufWriter tag(int field, int kind) {
    return varint(Protobuf.tag(field, kind));
  }

  private ProtobufWriter varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return this;
  }
}
