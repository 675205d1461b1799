package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.SparkSessionExtension;
import dev.tessera.image.EncodedBlock;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.PictureFiles;
import dev.tessera.image.PixelBlock;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class CacheTest {
  private static final ImageSettings IMAGE = Sets.image(2, 2, 3);
  private static final int IMAGES = 40;

  @TempDir private Path root;

  @BeforeEach
  void writePictures() throws Exception {
    for (int i = 0; i < IMAGES; i++) {
      Path file = root.resolve((i % 2 == 0 ? "even/" : "odd/") + i + ".png");
      Files.createDirectories(file.getParent());
      Files.write(
          file, i == 7 ? new byte[] {1, 2} : PictureFiles.plain(3, 3, new Color(i, 2 * i, 99)));
    }
  }

  private ImageDataset open(JavaSparkContext spark, Cache cache, long roundExamples) {
    DatasetSettings settings =
        new DatasetSettings(new Location.Folder(root.toString()), null, null, 0, 0, 0.5, cache);
    return ImageDataset.open(spark, settings, IMAGE, Sets.SEED, 2, roundExamples);
  }

  private static List<String> view(Shards shards) {
    return shards.pixelBlocks(IMAGE).collect().stream()
        .flatMap(block -> IntStream.range(0, block.size()).mapToObj(i -> line(block, i)))
        .toList();
  }

  private static String line(PixelBlock block, int example) {
    byte[] pixels = new byte[IMAGE.shape().size()];
    block.copyPixels(example, pixels, 0);
    return block.origin(example)
        + " "
        + block.label(example)
        + " "
        + HexFormat.of().formatHex(pixels);
  }

  @Test
  void filesThatAreCachedGiveTheSameExamplesAndFigures(JavaSparkContext spark) {
    try (ImageDataset pixels = open(spark, Cache.PIXELS, 1);
        ImageDataset files = open(spark, Cache.ENCODED, 1)) {
      assertThat(files.train().blocks().collect()).allMatch(EncodedBlock.class::isInstance);
      assertThat(view(files.train())).isEqualTo(view(pixels.train())).hasSize(IMAGES - 1);
      assertThat(files.train().contentHash()).isEqualTo(pixels.train().contentHash());
      assertThat(files.train().moments().means()).isEqualTo(pixels.train().moments().means());
      assertThat(files.train().badImages()).hasToString(pixels.train().badImages().toString());
    }
  }

  @Test
  void pixelsThatAreNoFilesAreCachedAsPixels(JavaSparkContext spark) throws Exception {
    Path folder = Files.createDirectory(root.resolve("idx"));
    DatasetSettings settings =
        new DatasetSettings(IdxFiles.write(folder, 10, 2), null, null, 0, 0, 0, Cache.ENCODED);
    try (ImageDataset dataset = ImageDataset.open(spark, settings, IMAGE, Sets.SEED, 2)) {
      assertThat(dataset.train().blocks().collect()).allMatch(PixelBlock.class::isInstance);
      assertThat(view(dataset.train())).hasSize(10);
    }
  }

  @Test
  void aBadExampleInFrontDoesNotMakeFilesOfPixels() {
    ImageSettings image = Sets.image(1, 2, 1);
    List<ExampleRef> refs = List.of(new ExampleRef("a", 0), new ExampleRef("b", 1));
    List<EncodedExample> examples =
        List.of(
            EncodedExample.file("a", new byte[0]),
            EncodedExample.pixels("b", new byte[] {7, 8}, image.shape()));
    ExampleCursor cursor =
        new ExampleCursor() {
          private int place = -1;

          @Override
          public boolean advance() {
            return ++place < 2;
          }

          @Override
          public ExampleRef ref() {
            return refs.get(place);
          }

          @Override
          public EncodedExample example() {
            return examples.get(place);
          }
        };
    try (ExampleDecoder decoder = new ExampleDecoder(image)) {
      ShardPart part = new ShardParts(cursor, decoder, image, Cache.ENCODED, 2).next();
      assertThat(part.bad()).hasSize(1);
      assertThat(part.block()).isInstanceOf(PixelBlock.class);
      assertThat(part.block().origin(0)).isEqualTo("b");
    }
  }

  @Test
  void withoutCacheNothingIsKeptAndSegmentsAreRounds(JavaSparkContext spark) {
    int before = spark.getPersistentRDDs().size();
    try (ImageDataset none = open(spark, Cache.NONE, 6);
        ImageDataset pixels = open(spark, Cache.PIXELS, 6)) {
      // Of the set without a cache, what was counted.
      assertThat(spark.getPersistentRDDs()).hasSize(before + 2);
      // 40 images, 20 of each worker, one of them bad.
      assertThat(Arrays.stream(none.train().segmentSizes()).sum()).isEqualTo(IMAGES - 1);
      assertThat(none.train().segmentSizes()).hasSize(8);
      assertThat(none.train().examplesPerShard()).isEqualTo(pixels.train().examplesPerShard());
      assertThat(view(none.train())).containsExactlyInAnyOrderElementsOf(view(pixels.train()));
      assertThat(none.train().contentHash()).isEqualTo(pixels.train().contentHash());
    }
  }
}
