package dev.tessera.error;

/** Names from outside, such as those of files, in a line of a log or of a message. */
public final class Printable {
  private Printable() {}

  /** The text with what would break the line, or steer a terminal, as {@code \\u000a}. */
  public static String of(String text) {
    if (text.codePoints().noneMatch(Printable::breaks)) {
      return text;
    }
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (breaks(c)) {
                printable.append(String.format("\\u%04x", c));
              } else {
                printable.appendCodePoint(c);
              }
            });
    return printable.toString();
  }

  private static boolean breaks(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.CONTROL
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
