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

  /** Of one tile: rows of the picture, and what belongs to them at the points. */
  private final float[][] rows;

  private final float[][] atPoints;

  /** What a tile adds to the first two rows of the next one. */
  private final float[][] carried;

  private @Nullable FloatBuffer pictureValues;
  private @Nullable FloatBuffer pointValues;

  /** Room for one tile, for all that work one after the other on rows no longer than that. */
  static final class Scratch {
    private final float[][] rows;
    private final float[][] atPoints;
    private final float[][] carried;

    /**
     * @param columns of the widest picture
     */
    Scratch(long columns) {
      int length = (int) columns * Layouts.block();
      this.rows = new float[Winograd.POINTS][length];
      this.atPoints = new float[Winograd.POINTS][length];
      this.carried = new float[2][length];
    }
  }

  WinogradRows(Tensor picture, Tensor points, Scratch scratch) {
    this.picture = picture;
    this.points = points;
    this.examples = (int) picture.dimensions[0];
    this.blocks = (int) picture.dimensions[1] / Layouts.block();
    this.height = (int) picture.dimensions[2];
    this.tiles = (int) points.dimensions[2];
    this.length = (int) picture.dimensions[3] * Layouts.block();
    this.rows = scratch.rows;
    this.atPoints = scratch.atPoints;
    this.carried = scratch.carried;
  }

  /**
   * The pictures' rows to points.
   *
   * @param above rows of zeros above the picture
   */
  Operation toPoints(String name, int above) {
    return operation(name, (picture, point) -> readTiles(picture, point, above));
  }

  /** Products at the points to the pictures' rows. */
  Operation toRows(String name) {
    return operation(name, (picture, point) -> writeTiles(picture, point, row -> {}));
  }

  /** The same, and negative values become 0. */
  Operation toRowsWithRelu(String name) {
    return operation(name, (picture, point) -> writeTiles(picture, point, this::relu));
  }

  /** The gradient of {@link #toRows}: of the pictures' rows to that of products. */
  Operation rowGradients(String name) {
    return operation(name, this::readRowGradients);
  }

  /** The gradient of {@link #toPoints}: of points to that of the pictures' rows. */
  Operation pointGradients(String name, int above) {
    return operation(name, (picture, point) -> writePointGradients(picture, point, above));
  }

  /** What is done with a block of channels of one example. */
  private interface Block {
    /**
     * @param firstRow index of the picture's first value
     * @param firstTile index of the first tile's first value at point 0
     */
    void run(int firstRow, int firstTile);
  }

  private interface Row {
    void change(float[] row);
  }

  private Operation operation(String name, Block work) {
    return Operation.java(
        name,
        () -> {
          pictureValues = picture.floats();
          pointValues = points.floats();
        },
        () -> run(work));
  }

  private void run(Block work) {
    for (int example = 0; example < examples; example++) {
      for (int block = 0; block < blocks; block++) {
        work.run(
            (example * blocks + block) * height * length,
            (example * Winograd.POINTS * blocks + block) * tiles * length);
      }
    }
  }

  private void readTiles(int firstRow, int firstTile, int above) {
    read(firstRow, -above, rows[0]);
    read(firstRow, 1 - above, rows[1]);
    for (int tile = 0; tile < tiles; tile++) {
      int row = tile * Winograd.ROWS - above;
      for (int i = 2; i < Winograd.POINTS; i++) {
        read(firstRow, row + i, rows[i]);
      }
      Winograd.toPoints(rows, atPoints, length);
      writePoints(firstTile, tile);
      // The last two rows are the first ones of the next tile.
      swap(rows, 0, rows, 4);
      swap(rows, 1, rows, 5);
    }
  }

  private void writeTiles(int firstRow, int firstTile, Row after) {
    for (int tile = 0; tile < tiles; tile++) {
      readPoints(firstTile, tile);
      Winograd.toRows(atPoints, rows, length);
      for (int i = 0; i < Winograd.ROWS; i++) {
        after.change(rows[i]);
        write(firstRow, tile * Winograd.ROWS + i, rows[i]);
      }
    }
  }

  /** A NaN stays one. */
  private void relu(float[] row) {
    for (int i = 0; i < length; i++) {
      row[i] = Math.max(0f, row[i]);
    }
  }

  private void readRowGradients(int firstRow, int firstTile) {
    for (int tile = 0; tile < tiles; tile++) {
      for (int i = 0; i < Winograd.ROWS; i++) {
        read(firstRow, tile * Winograd.ROWS + i, rows[i]);
      }
      Winograd.rowGradients(rows, atPoints, length);
      writePoints(firstTile, tile);
    }
  }

  private void writePointGradients(int firstRow, int firstTile, int above) {
    Arrays.fill(carried[0], 0);
    Arrays.fill(carried[1], 0);
    for (int tile = 0; tile < tiles; tile++) {
      readPoints(firstTile, tile);
      Winograd.pointGradients(atPoints, rows, length);
      add(carried[0], rows[0]);
      add(carried[1], rows[1]);
      for (int i = 0; i < Winograd.ROWS; i++) {
        write(firstRow, tile * Winograd.ROWS - above + i, rows[i]);
      }
      swap(carried, 0, rows, 4);
      swap(carried, 1, rows, 5);
    }
    int last = tiles * Winograd.ROWS - above;
    write(firstRow, last, carried[0]);
    write(firstRow, last + 1, carried[1]);
  }

  private void add(float[] more, float[] to) {
    for (int i = 0; i < length; i++) {
      to[i] += more[i];
    }
  }

  private static void swap(float[][] some, int first, float[][] others, int second) {
    float[] kept = some[first];
    some[first] = others[second];
    others[second] = kept;
  }

  /** Zeros beyond the picture. */
  private void read(int firstRow, int row, float[] into) {
    if (row < 0 || row >= height) {
      Arrays.fill(into, 0);
    } else {
      Objects.requireNonNull(pictureValues).get(firstRow + row * length, into, 0, length);
    }
  }

  /** Nothing beyond the picture. */
  private void write(int firstRow, int row, float[] from) {
    if (row >= 0 && row < height) {
      Objects.requireNonNull(pictureValues).put(firstRow + row * length, from, 0, length);
    }
  }

  private void readPoints(int firstTile, int tile) {
    FloatBuffer values = Objects.requireNonNull(pointValues);
    for (int point = 0; point < Winograd.POINTS; point++) {
      values.get(indexOf(firstTile, tile, point), atPoints[point], 0, length);
    }
  }

  private void writePoints(int firstTile, int tile) {
    FloatBuffer values = Objects.requireNonNull(pointValues);
    for (int point = 0; point < Winograd.POINTS; point++) {
      values.put(indexOf(firstTile, tile, point), atPoints[point], 0, length);
    }
  }

  private int indexOf(int firstTile, int tile, int point) {
    return firstTile + (point * blocks * tiles + tile) * length;
  }
}
