package dev.tessera.image;

import dev.tessera.network.Shape;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Milliseconds of processor time that a JPEG file takes to become the job's pixels: through {@link
 * ImageDecoder}, and by calling OpenCV directly with the same scaled decoding. Called by {@code
 * scripts/bench data}.
 *
 * <p>Arguments: {@code photos FROM TO COUNT WIDTH HEIGHT QUALITY} makes photographs of a size from
 * those in a folder; {@code time FOLDER HEIGHT WIDTH PASSES} prints a line for each way.
 */
public final class DecoderBench {
  private static final int WARM_UP = 30;

  private final List<byte[]> files;
  private final ImageSettings image;
  private final byte[] target;
  private final ThreadMXBean clock = ManagementFactory.getThreadMXBean();

  private DecoderBench(List<byte[]> files, ImageSettings image) {
    this.files = files;
    this.image = image;
    this.target = new byte[image.shape().size()];
  }

  /** See the class. */
  public static void main(String[] arguments) throws Exception {
    opencv_core.setNumThreads(1);
    int[] numbers =
        Arrays.stream(arguments)
            .filter(a -> a.matches("\\d+"))
            .mapToInt(Integer::parseInt)
            .toArray();
    if (arguments[0].equals("photos")) {
      makePhotos(Path.of(arguments[1]), Path.of(arguments[2]), numbers);
    } else {
      List<byte[]> files = new ArrayList<>();
      for (Path path : pictures(Path.of(arguments[1]))) {
        files.add(Files.readAllBytes(path));
      }
      Shape.Image shape = new Shape.Image(numbers[0], numbers[1], 3);
      new DecoderBench(files, ImageSettings.of(shape)).run(numbers[2]);
    }
  }

  private void run(int passes) throws Exception {
    double[] ours = new double[passes];
    double[] direct = new double[passes];
    try (ImageDecoder decoder = new ImageDecoder(image);
        Direct openCv = new Direct()) {
      Way first = file -> decoder.decode(file, file.length, target, 0);
      Way second = file -> openCv.decode(file, image, target);
      for (int pass = 0; pass < WARM_UP * 20 / files.size(); pass++) {
        milliseconds(first);
        milliseconds(second);
      }
      for (int pass = 0; pass < passes; pass++) {
        ours[pass] = milliseconds(first);
        direct[pass] = milliseconds(second);
      }
    }
    long bytes = files.stream().mapToLong(file -> file.length).sum() / files.size();
    System.out.printf(Locale.ROOT, "kilobytes %.1f%n", bytes / 1000.0);
    System.out.printf(Locale.ROOT, "tessera %.4f%n", median(ours));
    System.out.printf(Locale.ROOT, "opencv %.4f%n", median(direct));
  }

  private double milliseconds(Way way) throws Exception {
    long start = clock.getCurrentThreadCpuTime();
    for (byte[] file : files) {
      way.decode(file);
    }
    return (clock.getCurrentThreadCpuTime() - start) / 1e6 / files.size();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private static List<Path> pictures(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(path -> path.toString().endsWith(".jpg")).sorted().toList();
    }
  }

  private static void makePhotos(Path from, Path to, int[] numbers) throws Exception {
    List<Path> all = pictures(from);
    int count = Math.min(numbers[0], all.size());
    ImageSettings size = ImageSettings.of(new Shape.Image(numbers[2], numbers[1], 3));
    Files.createDirectories(to);
    byte[] pixels = new byte[size.shape().size()];
    for (int i = 0; i < count; i++) {
      byte[] file = Files.readAllBytes(all.get((int) ((long) i * all.size() / count)));
      Colour black = Colour.BLACK;
      ResizeSettings filled =
          new ResizeSettings(ResizeSettings.Kind.FILL, black, ResizeSettings.Interpolation.BICUBIC);
      try (ImageDecoder decoder = new ImageDecoder(size.withResize(filled))) {
        decoder.decode(file, file.length, pixels, 0);
      }
      write(pixels, size, numbers[3], to.resolve(String.format(Locale.ROOT, "%03d.jpg", i)));
    }
  }

  private static void write(byte[] pixels, ImageSettings size, int quality, Path to)
      throws IOException {
    try (IntPointer parameters = new IntPointer(opencv_imgcodecs.IMWRITE_JPEG_QUALITY, quality);
        BytePointer bytes = new BytePointer(pixels);
        Mat rgb = new Mat(size.height(), size.width(), opencv_core.CV_8UC3, bytes);
        Mat bgr = new Mat();
        BytePointer encoded = new BytePointer()) {
      opencv_imgproc.cvtColor(rgb, bgr, opencv_imgproc.COLOR_RGB2BGR);
      opencv_imgcodecs.imencode(".jpg", bgr, encoded, parameters);
      byte[] file = new byte[(int) encoded.limit()];
      encoded.get(file);
      Files.write(to, file);
    }
  }

  /** A file to pixels in {@link #target}. */
  private interface Way {
    void decode(byte[] file) throws Exception;
  }

  /** What one would write with OpenCV at hand, buffers reused. */
  private static final class Direct implements AutoCloseable {
    private final Mat decoded = new Mat();
    private final Mat resized = new Mat();
    private final Mat rgb = new Mat();
    private final BytePointer input = new BytePointer(4 << 20);

    void decode(byte[] file, ImageSettings image, byte[] target) throws DecodeFailure {
      int reduction = Reduction.of(ImageHeader.read(file, file.length), image);
      int flags =
          reduction == 1
              ? opencv_imgcodecs.IMREAD_COLOR
              : 8 * reduction | opencv_imgcodecs.IMREAD_COLOR;
      input.position(0).put(file, 0, file.length);
      try (Mat bytes = new Mat(1, file.length, opencv_core.CV_8UC1, input);
          Mat picture = opencv_imgcodecs.imdecode(bytes, flags, decoded);
          Size size = new Size(image.width(), image.height())) {
        opencv_imgproc.resize(picture, resized, size, 0, 0, opencv_imgproc.INTER_AREA);
      }
      opencv_imgproc.cvtColor(resized, rgb, opencv_imgproc.COLOR_BGR2RGB);
      try (BytePointer data = rgb.data()) {
        data.get(target, 0, target.length);
      }
    }

    @Override
    public void close() {
      input.close();
      rgb.close();
      resized.close();
      decoded.close();
    }
  }
}
