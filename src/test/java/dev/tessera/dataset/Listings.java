package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.error.JobException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What sources list and read, as the tests look at it. */
final class Listings {
  private Listings() {}

  static Source source(Location location) {
    return Source.of("dataset.train", location);
  }

  /** Lines "origin label", sorted; what is passed over has the label -1. */
  static List<String> list(JavaSparkContext spark, Location location) {
    Source source = source(location);
    return TaskFailures.unwrapped(
        () ->
            source.list(spark, source.classNames(spark)).collect().stream()
                .map(ref -> ref.origin() + " " + ref.label())
                .sorted()
                .toList());
  }

  static List<String> classNames(JavaSparkContext spark, Location location) {
    return source(location).classNames(spark);
  }

  /** Of every origin the bytes as text, with the shape where they are pixels. */
  static Map<String, String> read(JavaSparkContext spark, Location location) {
    StreamedSource source = (StreamedSource) source(location);
    Map<String, String> read = new TreeMap<>();
    for (EncodedExample example : TaskFailures.unwrapped(() -> source.read(spark).collect())) {
      String bytes = new String(example.bytes(), StandardCharsets.ISO_8859_1);
      read.put(example.origin(), example.raw() == null ? bytes : example.raw() + " " + bytes);
    }
    return read;
  }

  static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(JobException.class).hasMessage(message);
  }
}
