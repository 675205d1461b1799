package dev.tessera.dataset;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import dev.tessera.stats.ChannelMoments;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * What is counted of a part of a set while it is decoded; parts add up, in any order. (A class and
 * not a record, like everything that Spark moves: Kryo can't make records.)
 */
final class SetFigures implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] classCounts;
  private final ChannelMoments moments;
  private long badCount;
  private long hash;

  SetFigures(int classes, int channels) {
    this(new long[classes], new ChannelMoments(channels));
  }

  private SetFigures(long[] classCounts, ChannelMoments moments) {
    this.classCounts = classCounts;
    this.moments = moments;
  }

  /** What {@link #text} gave. @throws IllegalArgumentException if it is none */
  static SetFigures parse(String text) {
    String[] parts = text.split(";", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("Invalid figures of a set: " + text);
    }
    long[] counts = numbers(parts[0]);
    ChannelMoments moments = ChannelMoments.ofExactSums(numbers(parts[1]));
    SetFigures figures = new SetFigures(counts, moments);
    figures.badCount = Long.parseLong(parts[2]);
    figures.hash = HexFormat.fromHexDigitsToLong(parts[3]);
    return figures;
  }

  /** All of it in one line: counts of classes; exact sums of moments; bad images; hash. */
  String text() {
    return String.join(
        ";", text(classCounts), text(moments.exactSums()), Long.toString(badCount), contentHash());
  }

  private static String text(long[] numbers) {
    return Arrays.stream(numbers).mapToObj(Long::toString).collect(Collectors.joining(","));
  }

  private static long[] numbers(String text) {
    return Arrays.stream(text.split(",", -1)).mapToLong(Long::parseLong).toArray();
  }

  /** Counts a decoded example. */
  void add(ExampleRef ref, byte[] pixels) {
    classCounts[ref.label()]++;
    moments.add(pixels);
    CRC32C checksum = new CRC32C();
    checksum.update(pixels);
    // A sum, since parts are added in any order.
    hash +=
        RandomStream.hash64(checksum.getValue(), Purpose.SPLIT, ref.label() + "/" + ref.origin());
  }

  /** Counts an image that can't be used. */
  void addBad() {
    badCount++;
  }

  void add(SetFigures other) {
    for (int label = 0; label < classCounts.length; label++) {
      classCounts[label] += other.classCounts[label];
    }
    moments.add(other.moments);
    badCount += other.badCount;
    hash += other.hash;
  }

  long[] classCounts() {
    return classCounts.clone();
  }

  /** Usable examples. */
  long examples() {
    return Arrays.stream(classCounts).sum();
  }

  long badCount() {
    return badCount;
  }

  ChannelMoments moments() {
    return moments;
  }

  /**
   * A fingerprint of origins, labels and pixels: sixteen hexadecimal digits, equal for equal ones
   * in whatever parts and order. Tells data sets apart by accident, not against forgery.
   */
  String contentHash() {
    return HexFormat.of().toHexDigits(hash);
  }
}
