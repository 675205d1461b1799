package dev.tessera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tessera.TinyImages;
import dev.tessera.image.PictureFiles;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user gets for every kind of bad input: an exit code, one line that says what is wrong, and
 * no stack trace, also none of Spark's. All commands run in one JVM, each on a session of its own.
 */
class BadInputTest {
  private static CommandJvm jvm;
  @TempDir private static Path shared;

  @TempDir private Path folder;
  private Path job;
  private Path run;

  @BeforeAll
  static void startJvm() throws IOException {
    jvm = new CommandJvm();
    TinyImages.writeIdx(shared.resolve("idx"), 80, 4, 1);
    for (int i = 0; i < 12; i++) {
      write(shared.resolve("photos/red/" + i + ".png"), picture(Color.RED));
      write(shared.resolve("photos/blue/" + i + ".png"), picture(Color.BLUE));
    }
  }

  @AfterAll
  static void endJvm() throws IOException {
    jvm.close();
  }

  @BeforeEach
  void place() {
    job = folder.resolve("job.conf");
    run = folder.resolve("run");
  }

  // --- The command line

  @Test
  void helpAndVersionAreNoErrors() throws IOException {
    for (String option : List.of("--help", "--version")) {
      CommandRun result = jvm.run(option);
      assertThat(result.exitCode()).isZero();
      assertThat(result.err()).isEmpty();
      assertThat(result.out()).contains("tessera");
    }
  }

  @Test
  void anUnknownOption() throws IOException {
    assertFails(
        2, "tessera: Unknown option: '--sett=a=b'", "train", "jobs/quickstart.conf", "--sett=a=b");
  }

  @Test
  void anUnknownSubcommand() throws IOException {
    assertFails(
        2,
        "tessera: Unmatched arguments from index 0: 'trian', 'jobs/quickstart.conf'",
        "trian",
        "jobs/quickstart.conf");
  }

  @Test
  void noSubcommand() throws IOException {
    assertFails(
        2,
        "tessera: a subcommand belongs here: train, evaluate, prepare, summary, preview or report");
  }

  @Test
  void noJobFile() throws IOException {
    assertFails(2, "tessera: Missing required parameter: 'JOB'", "train");
  }

  @Test
  void aJobFileThatIsNotThere() throws IOException {
    assertFails(2, "tessera: " + job + ": there is no such job file.", "train", job.toString());
  }

  // --- The job file

  @Test
  void aJobFileThatIsNotHocon() throws IOException {
    Files.writeString(job, "dataset {\n  train = photos\n");
    assertFails(
        2,
        "tessera: "
            + job
            + ":3: this is not HOCON: it ends where a closing }, ] or quotation mark is expected.",
        "train",
        job.toString());
  }

  @Test
  void anUnknownKey() throws IOException {
    assertTrainFails(
        2,
        job + ":5: training.batchSise = 3: there is no such key. Did you mean training.batchSize?",
        photos("training.batchSise = 3"));
  }

  @Test
  void aTextWhereANumberBelongs() throws IOException {
    assertTrainFails(
        2,
        job + ":5: training.epochs = \"many\": a string where a whole number belongs.",
        photos("training.epochs = many"));
  }

  @Test
  void aNegativeBatchSize() throws IOException {
    assertTrainFails(
        2,
        job + ":5: training.batchSize = -8: below the smallest allowed value, 1.",
        photos("training.batchSize = -8"));
  }

  @Test
  void aNetworkThatDoesNotFitTheImages() throws IOException {
    assertTrainFails(
        2,
        job
            + ":5: model.layers[0]: layer 1 (conv1): kernel = 13 x 13 does not fit its input of 12 x 12 x 1"
            + " (height x width x channels). With padding = valid a window may not be larger than the"
            + " picture. Use at most 12, or set padding = same.",
        idx(
            "model.layers = [ { conv = 4, kernel = 13 }, { flatten {} }, { dense = classes, activation = softmax } ]"));
  }

  /** The JVM of these tests has a heap of 1 GB. */
  @Test
  void aNetworkThatTheHeapCannotHold() throws IOException {
    assertTrainFails(
        2,
        "custom with 94,504,004 parameters in minibatches of 8 does not fit: the Java heap of local[2]"
            + " has 1,024 MB, and 2 workers at once take at least 2,917 MB (parameters and updater state"
            + " 722 MB, a shard 1, a replica's native memory up to 2,201). Use --driver-memory 13g.",
        idx(
            "model.layers = [ { flatten {} }, { dense = 100000, activation = relu }, { dense = 800, activation = relu },"
                + " { dense = classes, activation = softmax } ]"));
    assertThat(run).doesNotExist();
  }

  // --- The images

  @Test
  void aPreviewOfAFolderThatIsNotThere() throws IOException {
    Files.writeString(job, "dataset.train = \"" + folder + "/none\"\n");
    assertFails(
        2,
        "tessera: dataset.train = " + folder + "/none: there is no such folder. Check the path.",
        "preview",
        job.toString(),
        "--out",
        folder + "/sheet.png");
    assertThat(folder.resolve("sheet.png")).doesNotExist();
  }

  @Test
  void aPreviewWithoutAnImageThatCanBeDecoded() throws IOException {
    write(folder.resolve("bad/a/1.jpg"), new byte[] {1});
    write(folder.resolve("bad/b/1.jpg"), new byte[] {1});
    Files.writeString(job, "dataset { train = \"" + folder + "/bad\", validationFraction = 0 }\n");
    assertFails(
        3,
        "tessera: There is nothing to draw: none of the 2 images that were tried can be decoded."
            + " The first is a/1.jpg (1 bytes): not a JPEG, PNG, BMP, GIF, WebP or TIFF file: it"
            + " starts with 01.",
        "preview",
        job.toString(),
        "--out",
        folder + "/sheet.png");
  }

  @Test
  void aFolderThatIsNotThere() throws IOException {
    assertTrainFails(
        2,
        "dataset.train = " + folder + "/none: there is no such folder. Check the path.",
        photos("dataset.train = \"" + folder + "/none\""));
  }

  @Test
  void aFolderWithoutImages() throws IOException {
    Files.createDirectories(folder.resolve("photos/cat"));
    Files.createDirectories(folder.resolve("photos/dog"));
    assertTrainFails(
        2,
        "dataset.train = "
            + folder
            + "/photos: no images. Put at least one there, or check the path.",
        photos("dataset.train = \"" + folder + "/photos\""));
  }

  @Test
  void oneClass() throws IOException {
    write(folder.resolve("photos/cat/1.png"), picture(Color.RED));
    assertTrainFails(
        2,
        "dataset.train = "
            + folder
            + "/photos: only one class, \"cat\" (folder "
            + folder
            + "/photos/cat). A classifier needs at least two: add another class.",
        photos("dataset.train = \"" + folder + "/photos\""));
  }

  @Test
  void aClassWithoutTrainingImages() throws IOException {
    write(folder.resolve("photos/cat/1.png"), picture(Color.RED));
    Files.createDirectories(folder.resolve("photos/dog"));
    assertTrainFails(
        2,
        "dataset.train = "
            + folder
            + "/photos: class \"dog\" (folder "
            + folder
            + "/photos/dog) has no images. Every class needs training images: add some, or remove the"
            + " class.",
        photos("dataset { train = \"" + folder + "/photos\", validationFraction = 0 }"));
  }

  @Test
  void aClassWhoseImagesAreAllHeldOut() throws IOException {
    write(folder.resolve("photos/cat/1.png"), picture(Color.RED));
    write(folder.resolve("photos/dog/1.png"), picture(Color.BLUE));
    write(folder.resolve("photos/dog/2.png"), picture(Color.BLUE));
    assertTrainFails(
        2,
        "dataset.train = "
            + folder
            + "/photos: class \"cat\" (folder "
            + folder
            + "/photos/cat) has no training images left: all 1 are held out by dataset.testFraction = 0.0"
            + " and dataset.validationFraction = 0.1. Add images, or hold out less.",
        photos("dataset.train = \"" + folder + "/photos\""));
  }

  @Test
  void aTruncatedIdxFile() throws IOException {
    byte[] whole = unpacked(shared.resolve("idx/images.gz"));
    Path images = folder.resolve("images");
    write(images, Arrays.copyOf(whole, whole.length - 100));
    assertTrainFails(
        2,
        "dataset.train.images = "
            + images
            + ": the file is truncated: its header announces 80 records of 144 bytes, 11536 bytes in"
            + " all, but it has 11436 bytes. Copy or download it again.",
        idx("dataset.train.images = \"" + images + "\""));
  }

  /** What is missing shows in the middle of a task. */
  @Test
  void aTruncatedPackedIdxFile() throws IOException {
    byte[] whole = Files.readAllBytes(shared.resolve("idx/images.gz"));
    Path images = folder.resolve("images.gz");
    write(images, Arrays.copyOf(whole, whole.length / 2));
    CommandRun result = train(idx("dataset.train.images = \"" + images + "\""));
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(error(result))
        .matches(
            "\\Qtessera: dataset.train.images = "
                + images
                + ": the file is truncated: its header announces 80 records of 144 bytes, 11536 bytes"
                + " in all, but it has \\E\\d+\\Q bytes after unpacking. Copy or download it again.\\E");
    assertNoTrace(result);
  }

  @Test
  void aTruncatedCifarFile() throws IOException {
    Path batch = folder.resolve("data_batch_1.bin");
    write(batch, new byte[20 * 3073 - 73]);
    assertTrainFails(
        2,
        "dataset.train = "
            + batch
            + ": the file is truncated, or no CIFAR-10 file: it has 61387 bytes, and records have 3073,"
            + " so the last one lacks 73. Copy or download it again, or check dataset.classes.",
        "dataset { format = cifar, train = [\"%s\"] }\nrun.dir = \"%s\"\n".formatted(batch, run));
  }

  @Test
  void tooManyBadImages() throws IOException {
    Path photos = folder.resolve("photos");
    for (int i = 0; i < 12; i++) {
      write(photos.resolve("blue/" + i + ".png"), picture(Color.BLUE));
      write(photos.resolve("red/" + (10 + i) + ".jpg"), new byte[0]);
      write(photos.resolve("red/" + (30 + i) + ".png"), picture(Color.RED));
    }
    CommandRun result =
        train(photos("dataset { train = \"" + photos + "\", validationFraction = 0 }"));
    List<String> first = new ArrayList<>();
    first.add(
        "tessera: dataset.train = "
            + photos
            + ": 12 of 36 images can't be decoded (0.3333), more than"
            + " dataset.maxBadFraction = 0.01 allows:");
    for (int i = 10; i < 20; i++) {
      first.add("  red/" + i + ".jpg (0 bytes): the file is empty");
    }
    first.add("  and 2 more");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err().lines()).containsSequence(first);
    assertNoTrace(result);
    assertThat(run).doesNotExist();
  }

  @Test
  void prepareEndsAsTrainDoes() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Files.writeString(job, photos(""));
    CommandRun unwritable = jvm.run("prepare", job.toString(), "--to", file + "/packed");
    assertThat(unwritable.exitCode()).as(unwritable.err()).isEqualTo(5);
    assertThat(error(unwritable)).startsWith("tessera: Cannot ").contains(file + "/packed");
    assertNoTrace(unwritable);

    Path photos = folder.resolve("photos");
    write(photos.resolve("blue/1.png"), picture(Color.BLUE));
    write(photos.resolve("red/1.png"), picture(Color.RED));
    write(photos.resolve("red/2.png"), new byte[0]);
    Files.writeString(
        job, photos("dataset { train = \"" + photos + "\", validationFraction = 0 }"));
    CommandRun bad = jvm.run("prepare", job.toString(), "--to", folder + "/packed");
    assertThat(bad.exitCode()).as(bad.err()).isEqualTo(3);
    assertThat(error(bad)).contains(": 1 of 3 images can't be decoded (0.3333), more than");
    assertThat(folder.resolve("packed/quarantine/train-00000.parquet")).exists();
    assertNoTrace(bad);

    CommandRun more =
        jvm.run(
            "prepare",
            job.toString(),
            "--to",
            folder + "/packed",
            "--set",
            "dataset.maxBadFraction=0.5");
    assertThat(more.exitCode()).as(more.err()).isZero();
    assertThat(more.out()).startsWith("Prepared, in " + folder + "/packed: train 2 images; 1 left");
    assertThat(
            jvm.run("prepare", job.toString(), "--to", folder + "/packed", "--set", "run.seed=9")
                .exitCode())
        .isEqualTo(2);
  }

  @Test
  void anOutputThatDoesNotFitTheClasses() throws IOException {
    assertTrainFails(
        2,
        job
            + ":5: model.layers[1]: layer 2 (dense) has 3 outputs but the data set has 4 classes. Softmax needs one output a class: write { dense = classes, activation = softmax }.",
        idx("model.layers = [ { flatten {} }, { dense = 3, activation = softmax } ]"));
  }

  // --- The run

  @Test
  void moreWorkersThanSlotsTrainInWavesWithAWarning() throws IOException {
    CommandRun result = train(idx("training.workers = 5"));
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err().lines())
        .anyMatch(
            line ->
                line.endsWith(
                    "WARN  run: training.workers = 5 but local[2] has 2 slots: each round runs its workers"
                        + " in 3 waves, one after the other, and takes about 3 times as long. The model is"
                        + " the same. For more speed give the master more cores, or set training.workers = 2"
                        + " (which trains another model)."));
    assertNoTrace(result);
    assertThat(run.resolve("model.zip")).exists();
  }

  /** Bits may depend on how many threads share the sums of a step. */
  @Test
  void aRunThatGoesOnWithOtherThreadsAWorkerSaysSo() throws IOException {
    CommandRun first = train(idx(""));
    assertThat(first.exitCode()).as(first.err()).isZero();
    // As it is before its end, with all of its checkpoints.
    Files.delete(run.resolve("model.zip"));
    CommandRun same = jvm.run("train", job.toString());
    assertThat(same.exitCode()).as(same.err()).isZero();
    assertThat(same.err()).contains("Going on from the checkpoint").doesNotContain("was written");
    Files.delete(run.resolve("model.zip"));
    CommandRun other = jvm.run("train", job.toString(), "--set", "spark.spark.task.cpus=2");
    assertThat(other.exitCode()).as(other.err()).isZero();
    assertThat(other.err().lines())
        .anyMatch(
            line ->
                line.endsWith(
                    "WARN  run: The checkpoint was written with threads 1, the run goes on with 2: its"
                        + " bits may not be those of a run that was never interrupted."));
    assertThat(run.resolve("model.zip")).exists();
  }

  @Test
  void aRunFolderThatHoldsARunAndModelsThatDoNotFit() throws IOException {
    CommandRun first = train(idx("training.workers = 2"));
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertNoTrace(first);
    assertFails(
        2,
        "tessera: run.dir = "
            + run
            + " holds a run of another job: training.epochs is 9, was 1. Start it as it was begun to go"
            + " on with it, or give this one a folder of its own with --run-dir DIR.",
        "train",
        job.toString(),
        "--set",
        "training.epochs=9");

    String model = run + "/model.zip";
    assertFails(
        2,
        "tessera: The model "
            + model
            + " takes images of 12 x 12 x 1 (height x width x channels), the job makes them 16 x 12 x"
            + " 1. Set image.height, image.width and image.channels to the model's.",
        "evaluate",
        job.toString(),
        "--model",
        model,
        "--set",
        "image.height=16");
    assertFails(
        2,
        "tessera: Cannot find the model " + run + "/none.zip. Give the path of a run's model.zip.",
        "evaluate",
        job.toString(),
        "--model",
        run + "/none.zip");
  }

  @Test
  void aRunFolderWhereNothingCanBeMade() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc")), "there is no /proc, which refuses new folders");
    assertTrainFails(
        5,
        "Cannot write /proc/tessera/run.lock: NoSuchFileException /proc/tessera. Check that the file"
            + " system has room, can be reached, and lets this user write there; everything written"
            + " before is whole.",
        idx("run.dir = /proc/tessera"));
  }

  /** Writes to that device fail as those to a full disk do. */
  @Test
  void aDiskThatIsFullWhenTheModelIsWritten() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "there is no /dev/full, a device without room");
    Files.createDirectories(run);
    Files.createSymbolicLink(run.resolve("model.zip.tmp"), full);
    assertTrainFails(
        5,
        "Cannot write "
            + run
            + "/model.zip: No space left on device. Check that the file system has room, can be"
            + " reached, and lets this user write there; everything written before is whole.",
        idx(""));
    assertThat(run.resolve("model.zip")).doesNotExist();
    assertThat(run.resolve("train.log"))
        .content(StandardCharsets.UTF_8)
        .contains("The run stopped before its end: Cannot write " + run + "/model.zip");
  }

  @Test
  void aDiskThatFillsUp() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        command("mount", "-t", "tmpfs", "-o", "size=16k", "tessera-test", disk.toString()),
        "this user may not mount a small file system");
    try {
      CommandRun result = train(idx("run.dir = \"" + disk + "/run\""));
      assertThat(result.exitCode()).as(result.err()).isEqualTo(5);
      assertThat(error(result))
          .matches(
              "\\Qtessera: Cannot write "
                  + disk
                  + "/run/\\E[a-z.]+\\Q: No space left on device. Check that the file system has room,"
                  + " can be reached, and lets this user write there; everything written before is"
                  + " whole.\\E");
      assertNoTrace(result);
    } finally {
      command("umount", disk.toString());
    }
  }

  // --- Jobs. What they end with is line 5.

  private String photos(String more) {
    return """
    dataset.train = "%s/photos"
    image { height = 12, width = 12 }
    training { epochs = 1, batchSize = 8 }
    run.dir = "%s"
    %s
    """
        .formatted(shared, run, more);
  }

  private String idx(String more) {
    return """
    dataset { format = idx, train = { images = "%1$s/idx/images.gz", labels = "%1$s/idx/labels.gz" }, testFraction = 0.2 }
    image { height = 12, width = 12, channels = 1 }
    training { epochs = 1, batchSize = 8 }
    run.dir = "%2$s", model.layers = [ { flatten {} }, { dense = classes, activation = softmax } ]
    %3$s
    """
        .formatted(shared, run, more);
  }

  private CommandRun train(String text) throws IOException {
    Files.writeString(job, text);
    return jvm.run("train", job.toString());
  }

  private void assertTrainFails(int exitCode, String line, String text) throws IOException {
    Files.writeString(job, text);
    assertFails(exitCode, "tessera: " + line, "train", job.toString());
  }

  private static void assertFails(int exitCode, String line, String... arguments)
      throws IOException {
    CommandRun result = jvm.run(arguments);
    assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
    assertThat(error(result)).isEqualTo(line);
    assertThat(result.out()).isEmpty();
    assertNoTrace(result);
  }

  /** First line of the error; the log may stand before it. */
  private static String error(CommandRun result) {
    return result
        .err()
        .lines()
        .filter(line -> line.startsWith("tessera: "))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No error in:\n" + result.err()));
  }

  private static void assertNoTrace(CommandRun result) {
    assertThat(result.err()).doesNotContain("\tat ").doesNotContain("defect of Tessera");
    assertThat(result.out()).doesNotContain("\tat ");
  }

  private static byte[] picture(Color color) {
    return PictureFiles.plain(12, 12, color);
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static byte[] unpacked(Path file) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }

  private static boolean command(String... line) throws Exception {
    try {
      Process process =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      // There is no such command here.
      return false;
    }
  }
}
