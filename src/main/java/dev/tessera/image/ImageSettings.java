package dev.tessera.image;

import dev.tessera.network.Shape;
import java.io.Serializable;

/**
 * The {@code image} section of a job: what every picture is brought to.
 *
 * @param height rows after resizing, 1 to 4096 pixels
 * @param width columns after resizing, 1 to 4096 pixels
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param maxPixels pictures of more pixels (height x width, before resizing) than this are refused
 *     before memory is taken; 1 to {@link #MAX_PIXELS_LIMIT}, {@link #DEFAULT_MAX_PIXELS} unless
 *     the job says otherwise
 * @param background what shows through where a picture is transparent
 */
public record ImageSettings(
    int height,
    int width,
    int channels,
    PixelScaling.Kind scaling,
    long maxPixels,
    Colour background,
    ResizeSettings resize)
    implements Serializable {
  public static final long DEFAULT_MAX_PIXELS = 100_000_000;

  /** What the codec itself accepts at most. */
  public static final long MAX_PIXELS_LIMIT = 1L << 30;

  public ImageSettings {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "Invalid image.channels = " + channels + ": use 1 (grey) or 3 (red, green, blue)");
    }
  }

  /** Stretched, on black. */
  public ImageSettings(
      int height, int width, int channels, PixelScaling.Kind scaling, long maxPixels) {
    this(height, width, channels, scaling, maxPixels, Colour.BLACK, ResizeSettings.DEFAULT);
  }

  /** Pixels in [0, 1] of a shape, with the defaults for the rest. */
  public static ImageSettings of(Shape.Image shape) {
    return new ImageSettings(
        shape.height(),
        shape.width(),
        shape.channels(),
        PixelScaling.Kind.UNIT,
        DEFAULT_MAX_PIXELS);
  }

  public ImageSettings withMaxPixels(long pixels) {
    return new ImageSettings(height, width, channels, scaling, pixels, background, resize);
  }

  public ImageSettings withBackground(Colour colour) {
    return new ImageSettings(height, width, channels, scaling, maxPixels, colour, resize);
  }

  public ImageSettings withResize(ResizeSettings other) {
    return new ImageSettings(height, width, channels, scaling, maxPixels, background, other);
  }

  public Shape.Image shape() {
    return new Shape.Image(height, width, channels);
  }
}
