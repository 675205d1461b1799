package dev.tessera.dataset;

import dev.tessera.image.ImageSettings;
import dev.tessera.image.PixelBlock;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A few images of the training set for people to look at: the first of every class by rank, decoded
 * as for training. The one place where pixels come to the driver.
 *
 * @param images the first of every class, then the second of every class, and so on
 * @param bad images that would have been among them, but can't be decoded
 */
public record ImageSample(List<String> classNames, PixelBlock images, List<BadImage> bad) {
  public ImageSample {
    classNames = List.copyOf(classNames);
    bad = List.copyOf(bad);
  }

  /**
   * Lists the training set, and reads these images alone.
   *
   * @param seed decides which images come first
   * @param count of images at most, at least 1; with more classes than that, some are not shown
   * @throws dev.tessera.error.JobException if the input is wrong
   * @throws dev.tessera.error.StorageException if a store can't be read
   */
  public static ImageSample of(
      JavaSparkContext spark, DatasetSettings settings, ImageSettings image, long seed, int count) {
    try (DatasetOpening opening = new DatasetOpening(spark, settings, image, seed, 1, 1)) {
      return opening.sample(count);
    }
  }
}
