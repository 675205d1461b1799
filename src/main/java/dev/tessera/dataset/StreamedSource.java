package dev.tessera.dataset;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** A source whose examples come as a stream with their bytes and can't be read one by one. */
non-sealed interface StreamedSource extends Source {

  /**
   * Every example of {@link #list} that is not hidden, in any order and partitions, with its bytes.
   * Examples of equal origins have equal bytes.
   */
  JavaRDD<EncodedExample> read(JavaSparkContext spark);
}
