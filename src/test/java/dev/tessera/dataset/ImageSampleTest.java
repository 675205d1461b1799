package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.SparkSessionExtension;
import dev.tessera.error.JobException;
import dev.tessera.image.PictureFiles;
import dev.tessera.image.PixelBlock;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class ImageSampleTest {
  /** With the one image of class elk on the training side. */
  private static final double HELD_OUT = 0.4;

  @TempDir private Path root;
  private JavaSparkContext spark;

  @BeforeEach
  void takeSession(JavaSparkContext session) {
    spark = session;
  }

  private void write(String path, byte[] bytes) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private void writePictures() throws IOException {
    for (int i = 0; i < 9; i++) {
      write("cat/" + i + ".png", PictureFiles.plain(3, 3, Color.RED));
      write("dog/" + i + ".png", PictureFiles.plain(3, 3, Color.BLUE));
    }
    write("elk/0.png", PictureFiles.plain(3, 3, Color.GREEN));
  }

  private ImageSample sample(int count, double testFraction) {
    DatasetSettings settings =
        Sets.settings(new Location.Folder(root.toString()), null, 0, testFraction);
    return ImageSample.of(spark, settings, Sets.image(1, 1, 3), Sets.SEED, count);
  }

  private static List<String> origins(PixelBlock images) {
    List<String> origins = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      origins.add(images.origin(i));
    }
    return origins;
  }

  /** As the shards rank them: by hash of the origin. */
  private static List<String> ranked(String folder) {
    List<String> origins = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      origins.add(folder + "/" + i + ".png");
    }
    origins.sort((a, b) -> Ranking.rankKey(Sets.SEED, a).compareTo(Ranking.rankKey(Sets.SEED, b)));
    return origins;
  }

  @Test
  void takesTheFirstOfEveryClassThenTheSecond() throws IOException {
    writePictures();
    ImageSample sample = sample(6, 0);
    List<String> cats = ranked("cat");
    List<String> dogs = ranked("dog");
    assertThat(sample.classNames()).containsExactly("cat", "dog", "elk");
    assertThat(origins(sample.images()))
        .containsExactly(
            cats.get(0), dogs.get(0), "elk/0.png", cats.get(1), dogs.get(1), cats.get(2));
    assertThat(sample.images().label(1)).isEqualTo(1);
    byte[] pixels = new byte[3];
    sample.images().copyPixels(1, pixels, 0);
    assertThat(pixels).containsExactly(0, 0, 255);
    assertThat(sample.bad()).isEmpty();
  }

  @Test
  void showsClassesFromAllOverWhereThereAreMoreThanImages() throws IOException {
    writePictures();
    assertThat(origins(sample(2, 0).images()))
        .containsExactly(ranked("cat").get(0), ranked("dog").get(0));
    assertThat(origins(sample(1, 0).images())).containsExactly(ranked("cat").get(0));
  }

  @Test
  void takesTheNextForOneThatIsBadAndLeavesHeldOutImagesAlone() throws IOException {
    writePictures();
    String first = ranked("cat").get(0);
    write(first, new byte[] {1, 2, 3});
    ImageSample sample = sample(3, 0);
    assertThat(origins(sample.images()))
        .containsExactly(ranked("dog").get(0), "elk/0.png", ranked("cat").get(1));
    assertThat(sample.bad()).hasSize(1);
    assertThat(sample.bad().get(0).origin()).isEqualTo(first);
    Split split = new Split(Sets.SEED, HELD_OUT, 0);
    assertThat(origins(sample(19, HELD_OUT).images()))
        .hasSizeBetween(4, 15)
        .allMatch(origin -> split.side(origin) == Split.Side.TRAIN);
    assertThatThrownBy(() -> sample(3, 1))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("has no training images left: all 9 are held out");
  }
}
