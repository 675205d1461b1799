package dev.tessera.dataset;

import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import dev.tessera.stats.ChannelMoments;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;

/**
 * What is counted of a part of a set while it is decoded; parts add up, in any order. (A class and
 * not a record, like everything that Spark moves: Kryo can't make records.)
 */
final class SetFigures implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int classes;

  /** Of the classes that occur: of many classes a part has few. */
  private final TreeMap<Integer, Long> counts = new TreeMap<>();

  private final ChannelMoments moments;
  private long badCount;
  private long hash;

  SetFigures(int classes, int channels) {
    this(classes, new ChannelMoments(channels));
  }

  private SetFigures(int classes, ChannelMoments moments) {
    this.classes = classes;
    this.moments = moments;
  }

  /** What {@link #text} gave. @throws IllegalArgumentException if it is none */
  static SetFigures parse(String text) {
    String[] parts = text.split(";", -1);
    if (parts.length != 5) {
      throw new IllegalArgumentException("Invalid figures of a set: " + text);
    }
    SetFigures figures =
        new SetFigures(Integer.parseInt(parts[0]), ChannelMoments.ofExactSums(numbers(parts[2])));
    long[] pairs = numbers(parts[1]);
    for (int i = 0; i < pairs.length; i += 2) {
      figures.counts.put((int) pairs[i], pairs[i + 1]);
    }
    figures.badCount = Long.parseLong(parts[3]);
    figures.hash = HexFormat.fromHexDigitsToLong(parts[4]);
    return figures;
  }

  /**
   * All of it in one line: classes; class and count of those that occur; exact sums of moments; bad
   * images; hash.
   */
  String text() {
    LongStream pairs =
        counts.entrySet().stream()
            .flatMapToLong(entry -> LongStream.of(entry.getKey(), entry.getValue()));
    return String.join(
        ";",
        Integer.toString(classes),
        text(pairs),
        text(Arrays.stream(moments.exactSums())),
        Long.toString(badCount),
        contentHash());
  }

  private static String text(LongStream numbers) {
    return numbers.mapToObj(Long::toString).collect(Collectors.joining(","));
  }

  private static long[] numbers(String text) {
    return text.isEmpty()
        ? new long[0]
        : Arrays.stream(text.split(",", -1)).mapToLong(Long::parseLong).toArray();
  }

  /** Counts a decoded example. */
  void add(ExampleRef ref, byte[] pixels) {
    counts.merge(ref.label(), 1L, Long::sum);
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
    other.counts.forEach((label, count) -> counts.merge(label, count, Long::sum));
    moments.add(other.moments);
    badCount += other.badCount;
    hash += other.hash;
  }

  long[] classCounts() {
    long[] all = new long[classes];
    counts.forEach((label, count) -> all[label] = count);
    return all;
  }

  /** Usable examples. */
  long examples() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
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
