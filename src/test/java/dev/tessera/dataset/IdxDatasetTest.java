package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.SparkSessionExtension;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class IdxDatasetTest {
  @TempDir Path folder;

  @Test
  void readsEveryRecordOnceWithItsLabelAndPixels(JavaSparkContext spark) {
    Location.Idx location = IdxFiles.write(folder, 100, 10);
    try (ImageDataset dataset =
        ImageDataset.open(spark, Sets.train(location), Sets.image(3, 2, 1), Sets.SEED, 3)) {
      assertThat(dataset.classNames())
          .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
      assertThat(dataset.train().examplesPerShard()).containsExactly(34, 33, 33);
      assertThat(dataset.train().classCounts()).containsOnly(10).hasSize(10);
      assertThat(Sets.view(dataset.train()).stream().flatMap(List::stream))
          .hasSize(100)
          .doesNotHaveDuplicates()
          .contains("images-idx3-ubyte#77 7 " + "4d".repeat(6));
    }
  }
}
