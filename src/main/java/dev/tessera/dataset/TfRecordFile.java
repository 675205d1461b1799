package dev.tessera.dataset;

import dev.tessera.error.JobException;
import dev.tessera.error.TesseraException;
import dev.tessera.tfrecord.Frame;
import dev.tessera.tfrecord.Protobuf;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.hadoop.conf.Configuration;

/** The records of a file in TensorFlow's framing, plain or gzip. Stays on its thread. */
final class TfRecordFile implements AutoCloseable {
  private static final int MAX_RECORD_BYTES = 1 << 30;

  private final DataFile file;
  private final DataFileInput in;
  private final InputStream stream;
  private long number = -1;

  /** Where the record begins that is read, and where the one after it. */
  private long start;

  private long end;
  private int length;

  TfRecordFile(DataFile file, Configuration configuration) {
    this.file = file;
    in = file.open(configuration);
    stream = in.stream();
  }

  /**
   * Moves to the next record. What was not read of the one before must have been skipped.
   *
   * @return false at the end of the file
   * @throws JobException if the file is damaged
   */
  boolean next() {
    start = end;
    try {
      byte[] header = stream.readNBytes(Frame.HEADER_BYTES);
      if (header.length == 0) {
        return false;
      }
      number++;
      ByteBuffer fields = ByteBuffer.wrap(require(header, Frame.HEADER_BYTES));
      fields.order(ByteOrder.LITTLE_ENDIAN);
      long announced = fields.getLong();
      if (Frame.checksum(header, Long.BYTES) != fields.getInt()) {
        throw damaged(
            number == 0
                ? "it does not begin with a record of TensorFlow's: is it one of its files?"
                : "the checksum of its length is wrong.");
      }
      if (announced > MAX_RECORD_BYTES || announced < 0) {
        throw damaged("it has " + announced + " bytes, and the largest that is read is 1 GB.");
      }
      length = (int) announced;
      end = start + Frame.HEADER_BYTES + length + Frame.FOOTER_BYTES;
      return true;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Number of the record, from 0. */
  long number() {
    return number;
  }

  /** What the record's example is known by. */
  String origin() {
    return Records.origin(file.name(), number);
  }

  /** The data of the record, checked. */
  Protobuf data() {
    try {
      byte[] data = require(stream.readNBytes(length), length);
      byte[] footer = require(stream.readNBytes(Frame.FOOTER_BYTES), Frame.FOOTER_BYTES);
      if (Frame.checksum(data, length)
          != ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN).getInt()) {
        throw damaged("the checksum of its data is wrong.");
      }
      return new Protobuf(new ByteArrayInputStream(data), length);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * The data of the record where they lie, unchecked: what is skipped of them is not read. {@link
   * #skipRest} follows.
   */
  Protobuf dataInPlace() {
    return new Protobuf(stream, length);
  }

  /** Skips what is left of the data, and their checksum. */
  void skipRest(Protobuf data) {
    try {
      data.skip(data.remaining());
      require(stream.readNBytes(Frame.FOOTER_BYTES), Frame.FOOTER_BYTES);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** A failure to read or to understand the record. */
  TesseraException failed(IOException e) {
    if (e instanceof EOFException) {
      return damaged("the file ends within it.");
    }
    return e instanceof Protobuf.Malformed
        ? damaged("it is no example of TensorFlow's (" + e.getMessage() + ").")
        : file.failed(e, start);
  }

  /** A record that is whole and can't be used. */
  JobException wrong(String what) {
    return new JobException(file.where() + ": record " + number + " " + what);
  }

  @Override
  public void close() {
    in.close();
  }

  private JobException damaged(String what) {
    return new JobException(
        file.where()
            + ": record "
            + number
            + ", at byte "
            + start
            + (in.isPacked() ? " of what was unpacked" : "")
            + ", is damaged: "
            + what
            + " Copy or download the file again.");
  }

  private static byte[] require(byte[] bytes, int wanted) throws EOFException {
    if (bytes.length < wanted) {
      throw new EOFException();
    }
    return bytes;
  }
}
