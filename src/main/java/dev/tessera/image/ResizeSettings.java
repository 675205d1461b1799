package dev.tessera.image;

import java.io.Serializable;

/**
 * How a picture of any size comes to the job's.
 *
 * @param padding what is around a picture that was made to fit
 * @param interpolation between pixels where a picture grows; where it shrinks, a pixel is the mean
 *     of the area that it covers
 */
public record ResizeSettings(Kind kind, Colour padding, Interpolation interpolation)
    implements Serializable {

  public static final ResizeSettings DEFAULT =
      new ResizeSettings(Kind.STRETCH, Colour.BLACK, Interpolation.BILINEAR);

  /** What becomes of the ratio of the sides. */
  public enum Kind {
    /** Each side by itself: the whole picture, out of proportion. */
    STRETCH,
    /** The whole picture in proportion, with padding around. */
    FIT,
    /** In proportion and without padding: what is beyond is cut off, as much on either side. */
    FILL
  }

  /** Between pixels. */
  public enum Interpolation {
    BILINEAR,
    BICUBIC
  }
}
