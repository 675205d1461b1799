package dev.tessera.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/**
 * Takes a picture to fewer rows: each new row is the mean of what it covers of the old ones, in
 * whole numbers, so that every machine gets the same bits. Columns go the same way once rows and
 * columns have changed places.
 *
 * <p>Its loops over {@code int}s are such that the JVM makes vector instructions of them: four
 * bytes go through an {@code int} as two pairs of 16 bits each. OpenCV's own area filter takes
 * longer than decoding the JPEG file does.
 */
final class AreaRows {
  /** Beyond, a weight of 8 bits says too little of what a row counts. */
  static final int MAX_RATIO = 4;

  private static final int BYTES = 0x00ff00ff;
  private static final int HALF = 0x00800080;

  /** Weights of a row sum to 256, the most that 16 bits bear. */
  private static final int ONE = 256;

  private int[] row = new int[0];
  private int[] even = new int[0];
  private int[] odd = new int[0];
  private int[] mean = new int[0];

  /**
   * Shrinks. Buffers are read and written from their begin.
   *
   * @param fromStride bytes from one row to the next
   * @param toStride bytes from one row to the next
   * @param toRows at most {@code fromRows}, at least a quarter of it
   * @param rowBytes what is used of a row
   */
  void shrink(
      ByteBuffer from,
      long fromStride,
      int fromRows,
      ByteBuffer to,
      long toStride,
      int toRows,
      int rowBytes) {
    room((rowBytes + 3) / 4);
    ByteBuffer in = from.order(ByteOrder.nativeOrder());
    ByteBuffer out = to.order(ByteOrder.nativeOrder());
    int held = -1;
    for (int y = 0; y < toRows; y++) {
      long start = (long) y * fromRows;
      int first = (int) (start / toRows);
      int last = (int) ((start + fromRows - 1) / toRows);
      int before = 0;
      for (int source = first; source <= last; source++) {
        // Of the new row, in fractions of fromRows, what ends where this old row does.
        long covered = Math.min((source + 1L) * toRows - start, fromRows);
        int upTo = (int) ((2 * covered * ONE + fromRows) / (2L * fromRows));
        if (source != held) {
          // Else the new row before ended in the middle of it.
          read(in, source * fromStride, rowBytes);
          held = source;
        }
        if (source == first) {
          weigh(row, even, odd, upTo);
        } else {
          addWeighed(row, even, odd, upTo - before);
        }
        before = upTo;
      }
      round(even, odd, mean);
      write(out, y * toStride, rowBytes);
    }
  }

  private void room(int ints) {
    if (row.length != ints) {
      row = new int[ints];
      even = new int[ints];
      odd = new int[ints];
      mean = new int[ints];
    }
  }

  private void read(ByteBuffer in, long at, int rowBytes) {
    in.position((int) at);
    IntBuffer ints = in.asIntBuffer();
    int whole = rowBytes / 4;
    ints.get(row, 0, whole);
    if (whole < row.length) {
      row[whole] = tail(in, (int) at + 4 * whole, rowBytes - 4 * whole);
    }
  }

  private static int tail(ByteBuffer in, int at, int bytes) {
    int value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (in.get(at + i) & 0xff) << (8 * i);
    }
    return value;
  }

  private void write(ByteBuffer out, long at, int rowBytes) {
    out.position((int) at);
    int whole = rowBytes / 4;
    out.asIntBuffer().put(mean, 0, whole);
    for (int i = 4 * whole; i < rowBytes; i++) {
      out.put((int) at + i, (byte) (mean[whole] >>> (8 * (i - 4 * whole))));
    }
  }

  private static void weigh(int[] row, int[] even, int[] odd, int weight) {
    for (int i = 0; i < row.length; i++) {
      even[i] = (row[i] & BYTES) * weight;
      odd[i] = ((row[i] >>> 8) & BYTES) * weight;
    }
  }

  private static void addWeighed(int[] row, int[] even, int[] odd, int weight) {
    for (int i = 0; i < row.length; i++) {
      even[i] += (row[i] & BYTES) * weight;
      odd[i] += ((row[i] >>> 8) & BYTES) * weight;
    }
  }

  private static void round(int[] even, int[] odd, int[] mean) {
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (((even[i] + HALF) >>> 8) & BYTES) | ((odd[i] + HALF) & ~BYTES);
    }
  }
}
