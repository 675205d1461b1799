package dev.tessera.network;

/**
 * A network that can't work: which layer, which of its components, what and why. {@code job} adds
 * file and line.
 */
public final class NetworkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** {@link #layer()} of a problem of the network as a whole. */
  public static final int WHOLE_NETWORK = -1;

  private final int layer;
  private final String component;

  /**
   * @param layer index of the layer in its list from 0, or {@link #WHOLE_NETWORK}
   * @param component name of the record component at fault, or an empty string
   */
  public NetworkException(int layer, String component, String message) {
    super(message);
    this.layer = layer;
    this.component = component;
  }

  public int layer() {
    return layer;
  }

  public String component() {
    return component;
  }
}
