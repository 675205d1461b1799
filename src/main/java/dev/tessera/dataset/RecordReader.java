package dev.tessera.dataset;

import dev.tessera.network.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Examples that are pixels already. */
final class RecordReader implements ExampleReader {
  private final List<ExampleRef> refs;
  private final byte[] @Nullable [] records;
  private final Shape.Image shape;

  /**
   * Takes the records over.
   *
   * @param records the pixels of every ref, null where the file had none
   */
  RecordReader(List<ExampleRef> refs, byte[] @Nullable [] records, Shape.Image shape) {
    this.refs = refs;
    this.records = records;
    this.shape = shape;
  }

  @Override
  public EncodedExample read(int place) {
    byte[] record = records[place];
    String origin = refs.get(place).origin();
    if (record == null) {
      throw new IllegalStateException("Record " + origin + " has gone since the set was listed");
    }
    records[place] = null;
    return EncodedExample.pixels(origin, record, shape);
  }

  @Override
  public void close() {}
}
