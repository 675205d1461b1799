package dev.tessera.image;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** Picture files to decode: made by the JDK's encoders, or real ones from the test resources. */
public final class PictureFiles {
  private PictureFiles() {}

  /** A file of {@code src/test/resources/images}. */
  public static byte[] resource(String name) {
    try (InputStream in = PictureFiles.class.getResourceAsStream("/images/" + name)) {
      if (in == null) {
        throw new IllegalStateException("No test picture " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A picture in which every pixel differs: red is the column, green the row, blue both. */
  public static BufferedImage pattern(int width, int height, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, new Color(red(x), green(y), blue(x, y)).getRGB());
      }
    }
    return image;
  }

  static int red(int x) {
    return x * 5 & 0xff;
  }

  static int green(int y) {
    return 255 - (y * 3 & 0xff);
  }

  static int blue(int x, int y) {
    return (x + 2 * y) & 0xff;
  }

  /** A picture file by the JDK's encoder, the format as ImageIO names it. */
  public static byte[] encode(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalStateException("The JDK writes no " + format + " of this kind");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The JDK writes no WebP: OpenCV's own encoder, without loss. */
  static byte[] webp(BufferedImage picture) {
    byte[] png = encode(picture, "png");
    try (BytePointer bytes = new BytePointer(png);
        Mat file = new Mat(1, png.length, opencv_core.CV_8UC1, bytes);
        Mat image = opencv_imgcodecs.imdecode(file, opencv_imgcodecs.IMREAD_COLOR);
        BytePointer encoded = new BytePointer()) {
      opencv_imgcodecs.imencode(".webp", image, encoded);
      byte[] webp = new byte[(int) encoded.limit()];
      encoded.get(webp);
      return webp;
    }
  }

  /** One colour, as a PNG file. */
  public static byte[] plain(int width, int height, Color color) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, color.getRGB());
      }
    }
    return encode(image, "png");
  }
}
