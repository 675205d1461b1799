package dev.tessera.dataset;

import dev.tessera.image.EncodedBlock;
import dev.tessera.image.ExampleBlock;
import dev.tessera.image.PixelBlock;
import dev.tessera.network.Shape;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects examples for a block of about 4 MB: large enough that Spark's cache has few objects,
 * small enough to spill.
 */
abstract class BlockBuilder {
  private static final int BLOCK_BYTES = 4 << 20;

  private final List<ExampleRef> refs = new ArrayList<>();
  private long bytes;

  /** Keeps pixels, all of one shape. */
  static BlockBuilder ofPixels(Shape.Image shape) {
    return new OfPixels(shape);
  }

  /** Keeps the picture files. */
  static BlockBuilder ofFiles() {
    return new OfFiles();
  }

  static int pixelExamples(Shape.Image shape) {
    return Math.max(1, BLOCK_BYTES / shape.size());
  }

  boolean isFull() {
    return bytes >= BLOCK_BYTES;
  }

  void add(ExampleRef ref, EncodedExample example, byte[] pixels) {
    refs.add(ref);
    bytes += keep(example, pixels);
  }

  ExampleBlock build() {
    return build(
        refs.stream().mapToInt(ExampleRef::label).toArray(),
        refs.stream().map(ExampleRef::origin).toArray(String[]::new));
  }

  /** Returns the bytes it keeps of it. */
  abstract int keep(EncodedExample example, byte[] pixels);

  abstract ExampleBlock build(int[] labels, String[] origins);

  private static final class OfPixels extends BlockBuilder {
    private final Shape.Image shape;
    private final ByteArrayOutputStream pixels;

    OfPixels(Shape.Image shape) {
      this.shape = shape;
      this.pixels = new ByteArrayOutputStream(pixelExamples(shape) * shape.size());
    }

    @Override
    boolean isFull() {
      return pixels.size() / shape.size() == pixelExamples(shape);
    }

    @Override
    int keep(EncodedExample example, byte[] decoded) {
      pixels.write(decoded, 0, decoded.length);
      return decoded.length;
    }

    @Override
    ExampleBlock build(int[] labels, String[] origins) {
      return new PixelBlock(shape, pixels.toByteArray(), labels, origins);
    }
  }

  private static final class OfFiles extends BlockBuilder {
    private final List<byte[]> files = new ArrayList<>();

    @Override
    int keep(EncodedExample example, byte[] pixels) {
      files.add(example.bytes());
      return example.bytes().length;
    }

    @Override
    ExampleBlock build(int[] labels, String[] origins) {
      return new EncodedBlock(files.toArray(byte[][]::new), labels, origins);
    }
  }
}
