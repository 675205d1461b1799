package dev.tessera.preview;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A white sheet in memory. Text needs the JDK's font library and a font of the machine, which small
 * servers lack: without them the sheet has none.
 */
final class Canvas {
  private static final int WHITE = 0xffffff;
  private static final int FONT_SIZE = 12;
  private static final String CUT = "...";

  private final BufferedImage image;
  private final @Nullable Graphics2D graphics;

  Canvas(int width, int height) {
    image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    Arrays.fill(row, WHITE);
    for (int y = 0; y < height; y++) {
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    graphics = graphics(image);
  }

  /** Null if this JVM can't draw text. */
  private static @Nullable Graphics2D graphics(BufferedImage image) {
    try {
      Graphics2D graphics = image.createGraphics();
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, FONT_SIZE));
      graphics.setColor(Color.BLACK);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      // Loads the library and looks for fonts; white on white where there is nothing yet.
      graphics.getFontMetrics().stringWidth("x");
      return graphics;
    } catch (RuntimeException | Error e) {
      // Of many kinds: a missing library, no font configuration, no font, no display.
      return null;
    }
  }

  int width() {
    return image.getWidth();
  }

  boolean hasText() {
    return graphics != null;
  }

  /**
   * Colours one pixel.
   *
   * @param color red, green and blue from the eighth bit each
   */
  void pixel(int x, int y, int color) {
    image.setRGB(x, y, color);
  }

  /** Writes a line whose top is at {@code y}, cut where it is wider than {@code width}. */
  void text(String text, int x, int y, int width) {
    if (graphics == null) {
      return;
    }
    FontMetrics metrics = graphics.getFontMetrics();
    graphics.drawString(fitting(text, metrics, width), x, y + metrics.getAscent());
  }

  private static String fitting(String text, FontMetrics metrics, int width) {
    if (metrics.stringWidth(text) <= width) {
      return text;
    }
    int end = text.length();
    while (end > 0 && metrics.stringWidth(text.substring(0, end) + CUT) > width) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end) + CUT;
  }

  byte[] png() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("This JVM has no writer for PNG");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write into memory", e);
    }
    return bytes.toByteArray();
  }
}
