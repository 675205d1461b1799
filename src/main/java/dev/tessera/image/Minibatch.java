package dev.tessera.image;

import dev.tessera.network.Shape;

/**
 * The examples of one step: pixels as unsigned bytes (n x height x width x channels) and labels, in
 * a buffer that is filled again for every step.
 *
 * <p>Not thread-safe. The arrays are the buffer itself, {@link #size()} examples of it are valid;
 * engines read them and never write.
 */
public final class Minibatch {
  private final Shape.Image shape;
  private final byte[] pixels;
  private final int[] labels;
  private int size;

  public Minibatch(Shape.Image shape, int capacity) {
    this.shape = shape;
    this.pixels = new byte[Math.multiplyExact(capacity, shape.size())];
    this.labels = new int[capacity];
  }

  public void clear() {
    size = 0;
  }

  /**
   * Copies one example of a block in. @throws IllegalStateException if the buffer is full or the
   * block's pictures have another shape
   */
  public void add(PixelBlock block, int example) {
    block.requireShape(shape);
    block.copyPixels(example, pixels, next() * shape.size());
    labels[size++] = block.label(example);
  }

  /**
   * Copies one example of a block in, decoding it where need be.
   *
   * @throws IllegalStateException if the buffer is full or the decoder's pictures have another
   *     shape
   */
  public void add(ExampleBlock block, int example, BlockDecoder decoder) {
    block.read(example, decoder, pixels, next() * shape.size());
    labels[size++] = block.label(example);
  }

  private int next() {
    if (size == labels.length) {
      throw new IllegalStateException("Cannot add to a full minibatch of " + size);
    }
    return size;
  }

  public Shape.Image shape() {
    return shape;
  }

  /** Number of valid examples. */
  public int size() {
    return size;
  }

  public int capacity() {
    return labels.length;
  }

  public byte[] pixels() {
    return pixels;
  }

  public int[] labels() {
    return labels;
  }
}
