package dev.tessera.image;

import dev.tessera.network.Shape;

/**
 * A block of examples as the picture files they came from: a tenth of the memory of their pixels,
 * for decoding them again in every epoch. All of them have been decoded once.
 */
public final class EncodedBlock implements ExampleBlock {
  private static final long serialVersionUID = 1L;

  private final byte[][] files;
  private final int[] labels;
  private final String[] origins;

  /**
   * Takes the arrays over.
   *
   * @throws IllegalArgumentException if their lengths differ
   */
  public EncodedBlock(byte[][] files, int[] labels, String[] origins) {
    if (files.length != labels.length || labels.length != origins.length) {
      throw new IllegalArgumentException(
          "Invalid block: "
              + files.length
              + " files, "
              + labels.length
              + " labels and "
              + origins.length
              + " origins");
    }
    this.files = files;
    this.labels = labels;
    this.origins = origins;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int label(int example) {
    return labels[example];
  }

  @Override
  public String origin(int example) {
    return origins[example];
  }

  @Override
  public void read(int example, BlockDecoder decoder, byte[] target, int offset) {
    decoder.decode(origins[example], files[example], target, offset);
  }

  /** The same examples as pixels. */
  public PixelBlock decoded(BlockDecoder decoder) {
    Shape.Image shape = decoder.shape();
    byte[] pixels = new byte[Math.multiplyExact(size(), shape.size())];
    for (int i = 0; i < size(); i++) {
      read(i, decoder, pixels, i * shape.size());
    }
    return new PixelBlock(shape, pixels, labels, origins);
  }
}
