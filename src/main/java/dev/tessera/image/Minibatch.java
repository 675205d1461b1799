package dev.tessera.image;

import dev.tessera.network.Shape;
import java.util.Arrays;

/**
 * The examples of one step: pixels as unsigned bytes (n x height x width x channels) and labels, in
 * a buffer that is filled again for every step.
 *
 * <p>Not thread-safe. The arrays are the buffer itself, {@link #size()} examples of it are valid;
 * engines read them and never write. An example may be a mixture of two, and then has two labels.
 */
public final class Minibatch {
  private final Shape.Image shape;
  private final byte[] pixels;
  private final int[] labels;
  private int size;

  // Made for the first mixture: most runs have none.
  private int[] otherLabels = {};
  private double[] otherShares = {};
  private boolean mixed;

  public Minibatch(Shape.Image shape, int capacity) {
    this.shape = shape;
    this.pixels = new byte[Math.multiplyExact(capacity, shape.size())];
    this.labels = new int[capacity];
  }

  public void clear() {
    size = 0;
    mixed = false;
  }

  /**
   * Copies one example of a block in. @throws IllegalStateException if the buffer is full or the
   * block's pictures have another shape
   */
  public void add(PixelBlock block, int example) {
    block.requireShape(shape);
    block.copyPixels(example, pixels, next() * shape.size());
    added(block.label(example));
  }

  /**
   * Copies one example of a block in, decoding it where need be.
   *
   * @throws IllegalStateException if the buffer is full or the decoder's pictures have another
   *     shape
   */
  public void add(ExampleBlock block, int example, BlockDecoder decoder) {
    if (!decoder.shape().equals(shape)) {
      throw new IllegalStateException(
          "Cannot add a picture of " + decoder.shape() + " to a minibatch of " + shape);
    }
    block.read(example, decoder, pixels, next() * shape.size());
    added(block.label(example));
  }

  private void added(int label) {
    labels[size] = label;
    if (mixed) {
      otherShares[size] = 0;
    }
    size++;
  }

  private int next() {
    if (size == labels.length) {
      throw new IllegalStateException("Cannot add to a full minibatch of " + size);
    }
    return size;
  }

  /**
   * Says that an example is a mixture with another, which has the given label.
   *
   * @param otherShare of the other label, in [0, 1]; the example's own has the rest
   */
  public void mix(int example, int otherLabel, double otherShare) {
    if (example >= size || !(otherShare >= 0 && otherShare <= 1)) {
      throw new IllegalArgumentException(
          "Cannot mix example " + example + " of " + size + " with a share of " + otherShare);
    }
    if (!mixed) {
      if (otherShares.length == 0) {
        otherLabels = new int[labels.length];
        otherShares = new double[labels.length];
      }
      Arrays.fill(otherShares, 0);
      mixed = true;
    }
    otherLabels[example] = otherLabel;
    otherShares[example] = otherShare;
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

  /** Of a mixture, the label of the example that was there first. */
  public int[] labels() {
    return labels;
  }

  /** Whether any example may be a mixture. */
  public boolean isMixed() {
    return mixed;
  }

  /** Part of the loss that the second label has, in [0, 1]; 0 for an example that is no mixture. */
  public double otherShare(int example) {
    return mixed ? otherShares[example] : 0;
  }

  /** Label of the example that was mixed in; where its share is 0, the example's own. */
  public int otherLabel(int example) {
    return otherShare(example) == 0 ? labels[example] : otherLabels[example];
  }
}
