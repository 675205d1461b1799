package dev.tessera.dataset;

import dev.tessera.image.DecodeFailure;
import dev.tessera.image.ImageDecoder;
import dev.tessera.image.ImageSettings;
import dev.tessera.network.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Examples that are pixels already; the codec is loaded only if they have another shape. */
final class RecordReader implements ExampleReader {
  private final List<ExampleRef> refs;
  private final byte[] @Nullable [] records;
  private final Shape.Image from;
  private final ImageSettings to;
  private @Nullable ImageDecoder decoder;

  /**
   * Takes the records over.
   *
   * @param records the pixels of every ref, null where the file had none
   */
  RecordReader(
      List<ExampleRef> refs, byte[] @Nullable [] records, Shape.Image from, ImageSettings to) {
    this.refs = refs;
    this.records = records;
    this.from = from;
    this.to = to;
  }

  @Override
  public void read(int place, byte[] target, int offset) throws DecodeFailure {
    byte[] record = records[place];
    if (record == null) {
      throw new IllegalStateException(
          "Record " + refs.get(place).origin() + " has gone since the set was listed");
    }
    if (from.equals(to.shape())) {
      System.arraycopy(record, 0, target, offset, record.length);
    } else {
      decoder().convert(record, from, target, offset);
    }
    records[place] = null;
  }

  private ImageDecoder decoder() {
    ImageDecoder made = decoder;
    if (made == null) {
      made = new ImageDecoder(to);
      decoder = made;
    }
    return made;
  }

  @Override
  public void close() {
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }
}
