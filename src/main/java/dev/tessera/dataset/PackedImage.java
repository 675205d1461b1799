package dev.tessera.dataset;

import dev.tessera.error.JobException;
import dev.tessera.image.Colour;
import dev.tessera.image.ImageSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What packed pictures were brought to, beside what a job wants. */
final class PackedImage {
  private static final String HEIGHT = "height";
  private static final String WIDTH = "width";
  private static final String CHANNELS = "channels";

  private PackedImage() {}

  /** The settings that decide the bytes of a picture; scaling comes after. */
  static Map<String, String> settings(ImageSettings image) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(HEIGHT, Integer.toString(image.height()));
    settings.put(WIDTH, Integer.toString(image.width()));
    settings.put(CHANNELS, Integer.toString(image.channels()));
    settings.put("maxPixels", Long.toString(image.maxPixels()));
    settings.put("background", text(image.background()));
    settings.put("resize", text(image.resize().kind()));
    settings.put("padding", text(image.resize().padding()));
    settings.put("interpolation", text(image.resize().interpolation()));
    return settings;
  }

  private static String text(Colour colour) {
    return List.of(colour.red(), colour.green(), colour.blue()).toString();
  }

  private static String text(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  /**
   * How the job's pictures will differ from those of the original images: a line each, none if they
   * are equal.
   *
   * @throws JobException if the packed ones lack what the job wants
   */
  static List<String> differences(String where, Map<String, String> packed, ImageSettings image) {
    List<String> differences = new ArrayList<>();
    settings(image)
        .forEach(
            (name, value) -> {
              String was = packed.getOrDefault(name, value);
              if (!was.equals(value)) {
                requireEnough(where, name, was, value);
                differences.add(
                    where
                        + ": image."
                        + name
                        + " = "
                        + value
                        + ", but the images were prepared with "
                        + was
                        + ": "
                        + effect(name)
                        + " Prepare them again for exactly what the originals give.");
              }
            });
    return differences;
  }

  private static void requireEnough(String where, String name, String was, String value) {
    boolean numbers = List.of(HEIGHT, WIDTH, CHANNELS).contains(name);
    if (numbers && Integer.parseInt(value) > Integer.parseInt(was)) {
      throw new JobException(
          where
              + ": image."
              + name
              + " = "
              + value
              + " is more than the "
              + was
              + " that the images were prepared with, and what was left out then is not there any"
              + " more. Use at most "
              + was
              + ", or prepare them again with this job.");
    }
  }

  private static String effect(String name) {
    return List.of(HEIGHT, WIDTH, CHANNELS).contains(name)
        ? "they are made from the prepared ones."
        : "they stay as they were prepared.";
  }
}
