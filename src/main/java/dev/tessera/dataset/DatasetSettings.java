package dev.tessera.dataset;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The {@code dataset} section of a job.
 *
 * @param validation a set of its own, or null: then {@code validationFraction} of the training set
 *     is held out
 * @param test a set of its own, or null: then {@code testFraction} of the training set is held out
 * @param validationFraction in [0, 0.9]; without effect beside {@code validation}
 * @param testFraction in [0, 0.9]; without effect beside {@code test}
 * @param maxBadFraction the run stops if more than this fraction of the images of {@code train},
 *     held-out parts included, or of a set of its own can't be decoded, in [0, 1]
 * @param cache of every set
 */
public record DatasetSettings(
    Location train,
    @Nullable Location validation,
    @Nullable Location test,
    double validationFraction,
    double testFraction,
    double maxBadFraction,
    Cache cache)
    implements Serializable {

  /** Caches pixels. */
  public DatasetSettings(
      Location train,
      @Nullable Location validation,
      @Nullable Location test,
      double validationFraction,
      double testFraction,
      double maxBadFraction) {
    this(train, validation, test, validationFraction, testFraction, maxBadFraction, Cache.PIXELS);
  }
}
