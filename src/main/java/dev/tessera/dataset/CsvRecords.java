package dev.tessera.dataset;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of a CSV text (RFC 4180): fields between commas, in quotation marks where they hold a
 * comma, a line break or a quotation mark, which is then doubled. Empty lines are passed over.
 *
 * <p>Not Spark's reader: that one can't say in which line something is wrong, and takes brackets in
 * a path for a pattern.
 */
final class CsvRecords {
  /** A longer field is a quotation mark that nobody closed. */
  private static final int MAX_FIELD = 1 << 20;

  private static final int END = -1;

  private final BufferedReader text;
  private long line = 1;
  private long recordLine = 1;

  CsvRecords(BufferedReader text) {
    this.text = text;
  }

  /** A text that is no CSV; the message completes "line 7: ...". */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  /** Line in which the record that was read last begins, from 1. */
  long line() {
    return recordLine;
  }

  /** The fields of the next record, or null at the end of the text. */
  @Nullable List<String> next() throws IOException, Malformed {
    List<String> fields = new ArrayList<>();
    do {
      fields.clear();
      recordLine = line;
      if (!read(fields)) {
        return null;
      }
    } while (fields.size() == 1 && fields.get(0).isEmpty());
    return fields;
  }

  /** False at the end of the text. */
  private boolean read(List<String> fields) throws IOException, Malformed {
    int first = text.read();
    if (first == END) {
      return false;
    }
    int c = first;
    while (true) {
      StringBuilder field = new StringBuilder();
      c = c == '"' ? quoted(field) : plain(field, c);
      fields.add(field.toString());
      if (c != ',') {
        return true;
      }
      c = text.read();
    }
  }

  /** Reads on from {@code c}. @return the comma, line break or end after the field */
  private int plain(StringBuilder field, int c) throws IOException, Malformed {
    int next = c;
    while (next != ',' && next != END && !isLineEnd(next)) {
      append(field, next);
      next = text.read();
    }
    return next;
  }

  private int quoted(StringBuilder field) throws IOException, Malformed {
    while (true) {
      int c = text.read();
      if (c == END) {
        throw unclosed();
      }
      if (c != '"') {
        append(field, c);
        line += c == '\n' ? 1 : 0;
        continue;
      }
      int after = text.read();
      if (after != '"') {
        return requireFieldEnd(after);
      }
      append(field, '"');
    }
  }

  private int requireFieldEnd(int c) throws IOException, Malformed {
    if (c == ',' || c == END || isLineEnd(c)) {
      return c;
    }
    throw new Malformed(
        "after a closing quotation mark stands \""
            + (char) c
            + "\" where a comma or the end of the line belongs; a quotation mark within a field is"
            + " doubled");
  }

  /** A carriage return takes its line feed with it. */
  private boolean isLineEnd(int c) throws IOException {
    if (c == '\r') {
      text.mark(1);
      if (text.read() != '\n') {
        text.reset();
      }
    }
    if (c == '\n' || c == '\r') {
      line++;
      return true;
    }
    return false;
  }

  private void append(StringBuilder field, int c) throws Malformed {
    if (field.length() >= MAX_FIELD) {
      throw unclosed();
    }
    field.append((char) c);
  }

  private static Malformed unclosed() {
    return new Malformed("a quotation mark is not closed");
  }
}
