package dev.tessera.engine.onednn;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes the rows of pictures to the points of {@link Winograd}'s tiles and back, tile by tile, each
 * row with all channels of a block.
 *
 * <p>Pictures are {@code N x C x H x W} in blocks of channels. Points are {@code N x 6 C x tiles x
 * W} in the same blocks: first the channels at point 0, then at point 1 and so on, so that a
 * convolution in six groups works on them.
 */
final class WinogradRows {
  private final Tensor picture;
  private final Tensor points;
  private final int examples;
  private final int blocks;
  private final int height;
  private final int tiles;

  /** Values of a row: all columns, each with the channels of a block. */
  private final int length;

  private final float[][] rows;
  private final float[][] products;
  private final float[][] carried;
  private @Nullable FloatBuffer pictureValues;
  private @Nullable FloatBuffer pointValues;

  /**
   * @param block channels in a block of both layouts
   */
  WinogradRows(Tensor picture, Tensor points, int block) {
    this.picture = picture;
    this.points = points;
    this.examples = (int) picture.dimensions[0];
    this.blocks = (int) picture.dimensions[1] / block;
    this.height = (int) picture.dimensions[2];
    this.tiles = (int) points.dimensions[2];
    this.length = (int) picture.dimensions[3] * block;
    this.rows = new float[Winograd.POINTS][length];
    this.products = new float[Winograd.POINTS][length];
    this.carried = new float[2][length];
  }

  private void link() {
    pictureValues = picture.floats();
    pointValues = points.floats();
  }

  /** What is done with one block of channels of one example. */
  private interface Plane {
    /**
     * @param picture where its rows begin
     * @param points where its tiles at point 0 begin
     */
    void run(int picture, int points);
  }

  private Operation operation(String name, Plane plane) {
    return Operation.java(name, this::link, () -> planes(plane));
  }

  private void planes(Plane plane) {
    for (int example = 0; example < examples; example++) {
      for (int block = 0; block < blocks; block++) {
        plane.run(
            (example * blocks + block) * height * length,
            (example * Winograd.POINTS * blocks + block) * tiles * length);
      }
    }
  }

  /**
   * The pictures' rows to points.
   *
   * @param before rows of zeros above the first one
   */
  Operation toPoints(String name, int before) {
    return operation(name, (picture, at) -> toPoints(picture, at, before));
  }

  private void toPoints(int picture, int at, int before) {
    read(picture, -before, rows[0]);
    read(picture, 1 - before, rows[1]);
    for (int tile = 0; tile < tiles; tile++) {
      int first = tile * Winograd.ROWS - before;
      for (int i = 2; i < Winograd.POINTS; i++) {
        read(picture, first + i, rows[i]);
      }
      Winograd.toPoints(rows, products, length);
      writePoints(at, tile);
      // The last two rows are the first ones of the next tile.
      swap(rows, 0, 4);
      swap(rows, 1, 5);
    }
  }

  /**
   * Products at the points to the pictures' rows.
   *
   * @param relu whether negative values become 0
   */
  Operation toRows(String name, boolean relu) {
    return operation(name, (picture, at) -> toRows(picture, at, relu));
  }

  private void toRows(int picture, int at, boolean relu) {
    for (int tile = 0; tile < tiles; tile++) {
      readPoints(at, tile);
      Winograd.toRows(products, rows, length);
      for (int i = 0; i < Winograd.ROWS; i++) {
        if (relu) {
          relu(rows[i], length);
        }
        write(picture, tile * Winograd.ROWS + i, rows[i]);
      }
    }
  }

  /** A NaN stays one. */
  private static void relu(float[] row, int length) {
    for (int i = 0; i < length; i++) {
      row[i] = Math.max(0f, row[i]);
    }
  }

  /** The gradient of {@link #toRows}, without relu: of the pictures' rows to that of products. */
  Operation rowGradients(String name) {
    return operation(name, this::rowGradients);
  }

  private void rowGradients(int picture, int at) {
    for (int tile = 0; tile < tiles; tile++) {
      for (int i = 0; i < Winograd.ROWS; i++) {
        read(picture, tile * Winograd.ROWS + i, rows[i]);
      }
      Winograd.rowGradients(rows, products, length);
      writePoints(at, tile);
    }
  }

  /** The gradient of {@link #toPoints}: of points to that of the pictures' rows. */
  Operation pointGradients(String name, int before) {
    return operation(name, (picture, at) -> pointGradients(picture, at, before));
  }

  private void pointGradients(int picture, int at, int before) {
    Arrays.fill(carried[0], 0);
    Arrays.fill(carried[1], 0);
    for (int tile = 0; tile < tiles; tile++) {
      readPoints(at, tile);
      Winograd.pointGradients(products, rows, length);
      add(carried[0], rows[0], length);
      add(carried[1], rows[1], length);
      int first = tile * Winograd.ROWS - before;
      for (int i = 0; i < Winograd.ROWS; i++) {
        write(picture, first + i, rows[i]);
      }
      swap(carried, 0, rows, 4);
      swap(carried, 1, rows, 5);
    }
    int end = tiles * Winograd.ROWS - before;
    write(picture, end, carried[0]);
    write(picture, end + 1, carried[1]);
  }

  private static void add(float[] more, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += more[i];
    }
  }

  private static void swap(float[][] arrays, int first, int second) {
    swap(arrays, first, arrays, second);
  }

  private static void swap(float[][] some, int first, float[][] others, int second) {
    float[] kept = some[first];
    some[first] = others[second];
    others[second] = kept;
  }

  /** Zeros beyond the picture. */
  private void read(int picture, int row, float[] into) {
    if (row < 0 || row >= height) {
      Arrays.fill(into, 0);
    } else {
      Objects.requireNonNull(pictureValues).get(picture + row * length, into, 0, length);
    }
  }

  /** Nothing beyond the picture. */
  private void write(int picture, int row, float[] from) {
    if (row >= 0 && row < height) {
      Objects.requireNonNull(pictureValues).put(picture + row * length, from, 0, length);
    }
  }

  private void readPoints(int at, int tile) {
    FloatBuffer values = Objects.requireNonNull(pointValues);
    for (int point = 0; point < Winograd.POINTS; point++) {
      values.get(pointAt(at, tile, point), products[point], 0, length);
    }
  }

  private void writePoints(int at, int tile) {
    FloatBuffer values = Objects.requireNonNull(pointValues);
    for (int point = 0; point < Winograd.POINTS; point++) {
      values.put(pointAt(at, tile, point), products[point], 0, length);
    }
  }

  private int pointAt(int at, int tile, int point) {
    return at + (point * blocks * tiles + tile) * length;
  }
}
