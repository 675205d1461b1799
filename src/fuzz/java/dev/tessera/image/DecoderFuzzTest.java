package dev.tessera.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.network.Shape;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Decodes damaged files until the time is up. Whatever they hold, the decoder gives pixels or a
 * {@link DecodeFailure}, and another decoder, which had other files before, the same. A crash of
 * the codec ends this JVM, which Maven reports; {@code target/fuzz/iteration} then holds the seed
 * and the iteration that it happened in, and {@code -Dfuzz.seed=SEED -Dfuzz.from=ITERATION} starts
 * with it. Two decoders that differ may need what came before: start some thousand iterations
 * earlier then.
 */
@Tag("fuzz")
class DecoderFuzzTest {
  private static final long SECONDS = Long.getLong("fuzz.seconds", 600);
  private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
  private static final long FROM = Long.getLong("fuzz.from", 0);
  private static final String FOLDER =
      System.getProperty("fuzz.files", "src/test/resources/images");

  private static final List<Shape.Image> SHAPES =
      List.of(new Shape.Image(32, 32, 3), new Shape.Image(1, 1, 1), new Shape.Image(200, 70, 3));

  /** Of a kind. Each file goes to two of them, so that no two have the same files behind them. */
  private static final int DECODERS = 3;

  private record Kind(Shape.Image shape, List<ImageDecoder> decoders) {}

  private final Map<String, long[]> counts = new TreeMap<>();
  private long slowestNanos;
  private long slowestIteration;

  @Test
  void givesPixelsOrAReasonWhateverTheFileHolds() throws IOException {
    List<byte[]> files = files();
    System.out.println("fuzz.seed=" + SEED + ", " + files.size() + " files of " + FOLDER);
    LongBuffer place = place();
    place.put(0, SEED);
    List<Kind> kinds = SHAPES.stream().flatMap(DecoderFuzzTest::kinds).toList();
    long end = System.nanoTime() + SECONDS * 1_000_000_000;
    long iteration = FROM;
    while (System.nanoTime() < end) {
      place.put(1, iteration);
      SplittableRandom random = new SplittableRandom(SEED * 0x9e3779b97f4a7c15L + iteration);
      byte[] file = new Mutation(files, random).next();
      check(file, kinds.get(random.nextInt(kinds.size())), random, iteration);
      iteration++;
    }
    kinds.forEach(kind -> kind.decoders().forEach(ImageDecoder::close));
    report(iteration - FROM);
  }

  private void check(byte[] file, Kind kind, SplittableRandom random, long iteration) {
    int one = random.nextInt(DECODERS);
    int other = (one + 1 + random.nextInt(DECODERS - 1)) % DECODERS;
    long start = System.nanoTime();
    String first = decode(kind.decoders().get(one), kind.shape(), file);
    long nanos = System.nanoTime() - start;
    if (nanos > slowestNanos) {
      slowestNanos = nanos;
      slowestIteration = iteration;
    }
    // What was in memory before must not be seen in a picture.
    String second = decode(kind.decoders().get(other), kind.shape(), file);
    assertThat(second).as("fuzz.seed=%d, iteration %d", SEED, iteration).isEqualTo(first);
    boolean decoded = first.startsWith("pixels");
    counts.computeIfAbsent(format(file), key -> new long[2])[decoded ? 0 : 1]++;
  }

  private static Stream<Kind> kinds(Shape.Image shape) {
    return Stream.of(ResizeSettings.Kind.values()).map(resize -> kind(shape, resize));
  }

  private static Kind kind(Shape.Image shape, ResizeSettings.Kind resize) {
    ImageSettings image =
        ImageSettings.of(shape)
            .withMaxPixels(4_000_000)
            .withBackground(new Colour(10, 200, 30))
            .withResize(
                new ResizeSettings(resize, Colour.BLACK, ResizeSettings.Interpolation.BICUBIC));
    return new Kind(shape, Stream.generate(() -> new ImageDecoder(image)).limit(DECODERS).toList());
  }

  private static String decode(ImageDecoder decoder, Shape.Image shape, byte[] file) {
    byte[] pixels = new byte[shape.size()];
    try {
      decoder.decode(file, file.length, pixels, 0);
      return "pixels " + java.util.Arrays.hashCode(pixels);
    } catch (DecodeFailure e) {
      assertThat(e.reason()).isNotEmpty();
      return e.reason();
    }
  }

  private static String format(byte[] file) {
    try {
      return ImageFormat.of(new HeaderBytes(file, file.length, true)).toString();
    } catch (DecodeFailure e) {
      return "other";
    }
  }

  private static List<byte[]> files() throws IOException {
    List<byte[]> files = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(Path.of(FOLDER))) {
      for (Path path :
          paths.filter(Files::isRegularFile).sorted(Comparator.naturalOrder()).toList()) {
        byte[] file = Files.readAllBytes(path);
        if (!format(file).equals("other") && file.length < 200_000) {
          files.add(file);
        }
      }
    }
    return files;
  }

  private static LongBuffer place() throws IOException {
    Path folder = Files.createDirectories(Path.of("target/fuzz"));
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve("iteration"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, 16).asLongBuffer();
    }
  }

  private void report(long iterations) {
    System.out.println(iterations + " damaged files, each decoded twice:");
    counts.forEach(
        (format, count) ->
            System.out.printf("  %-6s %8d decoded %8d refused%n", format, count[0], count[1]));
    System.out.printf(
        "slowest %.1f s (iteration %d), resident memory %d MB%n",
        slowestNanos / 1e9, slowestIteration, Pointer.physicalBytes() >> 20);
  }
}
