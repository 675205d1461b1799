package dev.tessera.image;

import java.io.Serializable;

/** A colour of eight bits a part. */
public record Colour(int red, int green, int blue) implements Serializable {
  public static final Colour BLACK = new Colour(0, 0, 0);

  public Colour {
    if ((red | green | blue) < 0 || red > 255 || green > 255 || blue > 255) {
      throw new IllegalArgumentException(
          "Invalid colour [" + red + ", " + green + ", " + blue + "]: each part is 0 to 255");
    }
  }

  /** As a grey job sees it. */
  int grey() {
    return (int) Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  }
}
