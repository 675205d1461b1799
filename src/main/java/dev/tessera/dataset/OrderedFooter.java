package dev.tessera.dataset;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A Parquet file on its way out, equal in every JVM. Parquet lists the encodings of a column as a
 * hash set has them, whose order is by where the JVM put them; here they are sorted. Holds the end
 * of the file back for it.
 */
final class OrderedFooter extends PositionOutputStream {
  /** Footers have some kilobytes; sums of classes are in them too. */
  private static final int HELD_BACK = 4 << 20;

  /** The length of the footer, and four letters. */
  private static final int END_BYTES = 8;

  private final OutputStream out;
  private byte[] held = new byte[1 << 16];
  private int heldBytes;
  private long position;

  OrderedFooter(OutputStream out) {
    this.out = out;
  }

  @Override
  public long getPos() {
    return position;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    position += length;
    if (heldBytes + length > 2 * HELD_BACK) {
      letGo(HELD_BACK);
    }
    if (heldBytes + length > held.length) {
      held = Arrays.copyOf(held, Math.max(heldBytes + length, 2 * held.length));
    }
    System.arraycopy(bytes, offset, held, heldBytes, length);
    heldBytes += length;
  }

  /** Writes all but the last bytes of what is held. */
  private void letGo(int kept) throws IOException {
    int gone = Math.max(0, heldBytes - kept);
    out.write(held, 0, gone);
    System.arraycopy(held, gone, held, 0, heldBytes - gone);
    heldBytes -= gone;
  }

  @Override
  public void close() throws IOException {
    try (out) {
      int length =
          heldBytes < END_BYTES
              ? Integer.MAX_VALUE
              : ByteBuffer.wrap(held, heldBytes - END_BYTES, Integer.BYTES)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .getInt();
      if (length >= 0 && length <= heldBytes - END_BYTES) {
        order(heldBytes - END_BYTES - length, length);
      }
      letGo(0);
      heldBytes = 0;
    }
  }

  private void order(int at, int length) throws IOException {
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(held, at, length));
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        List<Encoding> encodings = new ArrayList<>(column.getMeta_data().getEncodings());
        encodings.sort(null);
        column.getMeta_data().setEncodings(encodings);
      }
    }
    ByteArrayOutputStream ordered = new ByteArrayOutputStream(length);
    Util.writeFileMetaData(footer, ordered);
    // The same values in another order: nothing moves.
    if (ordered.size() != length) {
      throw new IOException("the footer of a Parquet file has changed its length");
    }
    System.arraycopy(ordered.toByteArray(), 0, held, at, length);
  }
}
