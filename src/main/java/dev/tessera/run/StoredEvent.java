package dev.tessera.run;

import dev.tessera.tfrecord.Protobuf;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * What says of an event in a file whether it stands.
 *
 * @param step 0 of the event that every file begins with
 * @param tag of its first figure; empty if it has none
 */
public record StoredEvent(long step, String tag) {
  private static final long STEP = Protobuf.tag(TensorBoardEvent.STEP, Protobuf.VARINT);
  private static final long SUMMARY = Protobuf.tag(TensorBoardEvent.SUMMARY, Protobuf.BYTES);
  private static final long VALUE = Protobuf.tag(TensorBoardEvent.VALUE, Protobuf.BYTES);
  private static final long TAG = Protobuf.tag(TensorBoardEvent.TAG, Protobuf.BYTES);

  static StoredEvent of(byte[] event) throws IOException {
    Protobuf fields = new Protobuf(new ByteArrayInputStream(event), event.length);
    long step = 0;
    String tag = "";
    while (fields.hasNext()) {
      long field = fields.tag();
      if (field == STEP) {
        step = fields.varint();
      } else if (field == SUMMARY) {
        tag = firstTag(fields.message());
      } else {
        fields.skipValue(field);
      }
    }
    return new StoredEvent(step, tag);
  }

  private static String firstTag(Protobuf summary) throws IOException {
    String tag = "";
    while (summary.hasNext()) {
      long field = summary.tag();
      if (field == VALUE && tag.isEmpty()) {
        tag = tag(summary.message());
      } else {
        summary.skipValue(field);
      }
    }
    return tag;
  }

  private static String tag(Protobuf value) throws IOException {
    String tag = "";
    while (value.hasNext()) {
      long field = value.tag();
      if (field == TAG) {
        tag = value.text();
      } else {
        value.skipValue(field);
      }
    }
    return tag;
  }
}
