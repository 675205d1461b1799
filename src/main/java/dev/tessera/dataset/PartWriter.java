package dev.tessera.dataset;

import dev.tessera.image.DecodeFailure;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.JpegEncoder;
import dev.tessera.image.PictureSize;
import dev.tessera.network.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Writes one packed file, and before it what was left out of it: where the file is, its part of the
 * quarantine is too.
 */
final class PartWriter {
  private static final int HASH_BYTES = 16;

  private final PackTask task;
  private final int part;
  private final Shape.Image shape;
  private final MessageType schema;
  private final SetFigures figures;
  private final List<BadImage> bad = new ArrayList<>();

  PartWriter(PackTask task, int part) {
    this.task = task;
    this.part = part;
    ImageSettings image = task.image();
    this.shape = image.shape();
    this.schema = PackedColumns.packed(task.form().column());
    this.figures = new SetFigures(task.classNames().size(), image.channels());
  }

  /**
   * @throws dev.tessera.error.StorageException if the folder can't be written
   */
  void write(ExampleCursor cursor) {
    Path file = task.place().part(task.set(), part);
    try (Content content = new Content()) {
      FileSystem fileSystem = task.place().fileSystem(task.configuration().value());
      Path beside = PackedPlace.beside(file, attempt());
      try (ParquetWriter<Group> writer =
          ParquetRows.write(
              new StoreFile(fileSystem, beside),
              schema,
              () -> Map.of(PackedColumns.FIGURES_NOTE, figures.text()))) {
        while (cursor.advance()) {
          add(cursor, content, writer);
        }
      }
      writeQuarantine(fileSystem);
      PackedPlace.rename(fileSystem, beside, file);
    } catch (IOException e) {
      throw task.place().failure("write", file, e);
    }
  }

  private static long attempt() {
    TaskContext context = TaskContext.get();
    return context == null ? 0 : context.taskAttemptId();
  }

  private void add(ExampleCursor cursor, Content content, ParquetWriter<Group> writer)
      throws IOException {
    ExampleRef ref = cursor.ref();
    Group row;
    try {
      row = row(ref, cursor.example(), content);
    } catch (DecodeFailure e) {
      figures.addBad();
      bad.add(new BadImage(ref, e));
      return;
    }
    writer.write(row);
  }

  private Group row(ExampleRef ref, EncodedExample example, Content content) throws DecodeFailure {
    byte[] packed = content.of(example);
    figures.add(ref, content.seen());
    PictureSize original = originalSize(example);
    Group row = new SimpleGroup(schema);
    row.add(PackedColumns.ORIGIN, ref.origin());
    row.add(PackedColumns.LABEL, ref.label());
    row.add(PackedColumns.CLASS_NAME, task.classNames().get(ref.label()));
    row.add(PackedColumns.HEIGHT, shape.height());
    row.add(PackedColumns.WIDTH, shape.width());
    row.add(PackedColumns.CHANNELS, shape.channels());
    row.add(PackedColumns.ORIGINAL_HEIGHT, original.height());
    row.add(PackedColumns.ORIGINAL_WIDTH, original.width());
    row.add(PackedColumns.CONTENT_HASH, contentHash(example));
    row.add(task.form().column(), Binary.fromConstantByteArray(packed));
    return row;
  }

  private static PictureSize originalSize(EncodedExample example) throws DecodeFailure {
    Shape.Image raw = example.raw();
    return raw == null
        ? PictureSize.of(example.bytes(), example.bytes().length)
        : new PictureSize(raw.height(), raw.width());
  }

  /** Of the bytes as the source has them; of pixels, with their shape. */
  private static String contentHash(EncodedExample example) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
    Shape.Image raw = example.raw();
    if (raw != null) {
      digest.update(raw.toString().getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest(example.bytes()), 0, HASH_BYTES);
  }

  private void writeQuarantine(FileSystem fileSystem) throws IOException {
    Path file = task.place().quarantine(task.set(), part);
    if (bad.isEmpty()) {
      // One that is there is of an earlier try, when images could not be read that now can.
      fileSystem.delete(file, false);
      return;
    }
    Path beside = PackedPlace.beside(file, attempt());
    try (QuarantineRows rows = new QuarantineRows(new StoreFile(fileSystem, beside))) {
      for (BadImage image : bad) {
        rows.add(task.set(), image);
      }
    }
    PackedPlace.rename(fileSystem, beside, file);
  }

  /** Makes of an example what the file has of it. */
  private final class Content implements AutoCloseable {
    private final ExampleDecoder decoder = new ExampleDecoder(task.image());
    private @Nullable JpegEncoder encoder;
    private byte[] seen = new byte[0];

    byte[] of(EncodedExample example) throws DecodeFailure {
      // A new array each: the writer keeps it until the page is full.
      byte[] pixels = new byte[shape.size()];
      decoder.decode(example, pixels, 0);
      seen = pixels;
      return task.form().isJpeg() ? jpeg(example.origin(), pixels) : pixels;
    }

    /** The pixels that training sees of the last example. */
    byte[] seen() {
      return seen;
    }

    private byte[] jpeg(String origin, byte[] pixels) throws DecodeFailure {
      JpegEncoder made = encoder;
      if (made == null) {
        made = new JpegEncoder(shape, task.form().jpegQuality());
        encoder = made;
      }
      byte[] file = made.encode(pixels);
      decoder.decode(EncodedExample.file(origin, file), pixels, 0);
      return file;
    }

    @Override
    public void close() {
      decoder.close();
      if (encoder != null) {
        encoder.close();
      }
    }
  }
}
