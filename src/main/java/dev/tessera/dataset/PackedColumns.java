package dev.tessera.dataset;

import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The columns of packed files, of the quarantine and of the duplicates. */
final class PackedColumns {
  static final String ORIGIN = "origin";
  static final String LABEL = "label";
  static final String CLASS_NAME = "className";
  static final String HEIGHT = "height";
  static final String WIDTH = "width";
  static final String CHANNELS = "channels";
  static final String ORIGINAL_HEIGHT = "originalHeight";
  static final String ORIGINAL_WIDTH = "originalWidth";
  static final String CONTENT_HASH = "contentHash";
  static final String PIXELS = "pixels";
  static final String IMAGE = "image";
  static final String SET = "set";
  static final String SIZE_BYTES = "sizeBytes";
  static final String REASON = "reason";
  static final String FIRST_BYTES = "firstBytes";

  /** In the footer of a packed file: {@link SetFigures} of it. */
  static final String FIGURES_NOTE = "tessera.figures";

  private static final String TEXT = " (STRING); ";

  private PackedColumns() {}

  /**
   * A packed file's.
   *
   * @param content {@link #PIXELS} or {@link #IMAGE}
   */
  static MessageType packed(String content) {
    return schema(
        text(ORIGIN),
        number(LABEL),
        text(CLASS_NAME),
        number(HEIGHT),
        number(WIDTH),
        number(CHANNELS),
        number(ORIGINAL_HEIGHT),
        number(ORIGINAL_WIDTH),
        text(CONTENT_HASH),
        bytes(content));
  }

  /** What a listing reads. */
  static MessageType listing() {
    return schema(text(ORIGIN), number(LABEL));
  }

  /** What training reads. */
  static MessageType content(String content) {
    return schema(text(ORIGIN), number(HEIGHT), number(WIDTH), number(CHANNELS), bytes(content));
  }

  static MessageType sizes() {
    return schema(number(ORIGINAL_HEIGHT), number(ORIGINAL_WIDTH));
  }

  static MessageType hashes() {
    return schema(text(ORIGIN), number(LABEL), text(CONTENT_HASH));
  }

  static MessageType quarantine() {
    return schema(
        text(SET),
        text(ORIGIN),
        number(LABEL),
        "required int64 " + SIZE_BYTES + "; ",
        text(REASON),
        text(FIRST_BYTES));
  }

  static MessageType duplicates() {
    return schema(text(CONTENT_HASH), text(SET), number(LABEL), text(ORIGIN));
  }

  private static MessageType schema(String... columns) {
    return MessageTypeParser.parseMessageType(
        "message tessera { " + String.join("", columns) + "}");
  }

  private static String text(String name) {
    return "required binary " + name + TEXT;
  }

  private static String number(String name) {
    return "required int32 " + name + "; ";
  }

  private static String bytes(String name) {
    return "required binary " + name + "; ";
  }
}
