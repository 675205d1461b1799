package dev.tessera.network;

/**
 * The largest value or the mean of a window, channel by channel. Windows at the border leave the
 * padding out of account.
 */
public record Pooling(PoolingKind function, Extent size, Extent stride, Padding padding)
    implements LayerSpec {

  /** Windows of {@code size} x {@code size} side by side, without padding. */
  public static Pooling of(PoolingKind function, int size) {
    return new Pooling(function, Extent.square(size), Extent.square(size), Padding.VALID);
  }

  @Override
  public String kind() {
    return "pool";
  }

  @Override
  public Shape.Image outputShape(Shape input) {
    Shape.Image image = Windows.picture(input, "pool");
    if (padding instanceof Padding.Explicit explicit
        && (explicit.rows() >= size.height() || explicit.columns() >= size.width())) {
      throw new NetworkException(
          NetworkException.WHOLE_NETWORK,
          "padding",
          "padding = "
              + padding
              + " leaves windows of size = "
              + size
              + " that see nothing of the picture. Pad by less than the size, or set padding = same.");
    }
    return Windows.slide(image, size, stride, Extent.ONE, padding, image.channels(), "size");
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.pooling(this);
  }
}
