package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code scripts/tessera} does before Java runs. */
class LauncherIT {
  @TempDir private Path folder;

  /** The name is written by the shell: this JVM may itself have a locale that can't. */
  @Test
  void filesOfAnyNameAreFoundInALocaleWithoutUtf8() throws Exception {
    Files.writeString(folder.resolve("job.conf"), "dataset.train = photos\n");
    Launcher.Result result =
        Launcher.run(
            "bash",
            Map.of("LC_ALL", "C"),
            "-c",
            "printf -v name 'gr\\303\\266\\303\\237e.conf'; cp \"$0\"/job.conf \"$0/$name\";"
                + " exec scripts/tessera summary \"$0/$name\"",
            folder.toString());
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output()).contains("158,122");
  }

  @Test
  void theSummaryGoesIntoARunFolderThroughTheLauncherToo() throws Exception {
    Files.writeString(folder.resolve("job.conf"), "dataset.train = photos\n");
    Path run = folder.resolve("run");
    Launcher.Result result =
        Launcher.run(
            Map.of(), "summary", folder.resolve("job.conf").toString(), "--run-dir=" + run);
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(Files.readString(run.resolve("summary.txt"))).contains("158,122");
    // A file system that is nothing without settings.
    result =
        Launcher.run(
            Map.of(),
            "summary",
            folder.resolve("job.conf").toString(),
            "--run-dir=viewfs://store/runs/one",
            "--conf",
            "spark.hadoop.fs.viewfs.mounttable.store.link./runs=" + folder.toUri());
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(folder.resolve("one/summary.txt"))
        .hasSameTextualContentAs(run.resolve("summary.txt"));
  }

  @Test
  void aReportIsWrittenThroughTheLauncherToo() throws Exception {
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(run.resolve("job.conf"), "");
    Files.writeString(
        run.resolve("rounds.jsonl"),
        "{\"kind\":\"round\",\"round\":1,\"loss\":0.5,\"workers\":2,\"seconds\":{\"fit\":1}}\n");
    Launcher.Result result = Launcher.run(Map.of(), "report", "file:" + run);
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output()).contains("The report is in file:" + run + "/report.html");
    // The charts come from the assembly.
    assertThat(Files.readString(run.resolve("report.html"))).contains("uPlot=function");
  }

  @Test
  void aCacheThatCannotBeWrittenIsToldInOneLine() throws Exception {
    Launcher.Result result =
        Launcher.run(
            Map.of("TESSERA_CACHE", "/proc/none"), "train", folder.resolve("job.conf").toString());
    assertThat(result.exitCode()).isEqualTo(2);
    // On first use a line before it says that Spark is assembled.
    assertThat(result.output().lines().filter(line -> !line.startsWith("tessera: assembling")))
        .containsExactly(
            "tessera: cannot write /proc/none, where native libraries are unpacked. Set TESSERA_CACHE"
                + " to a folder of a local disk that this user may write.");
  }

  @Test
  void versionIsNoError() throws Exception {
    Launcher.Result result = Launcher.run(Map.of(), "--version");
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output()).matches("tessera [0-9.]+\\R");
  }

  @Test
  void aFolderThatIsNotThereIsBadInput() throws Exception {
    assertTrainFails(
        2,
        "tessera: dataset.train = " + folder + "/none: there is no such folder. Check the path.",
        "dataset.train = \"%s/none\"".formatted(folder));
  }

  @Test
  void tooManyBadImagesHaveACodeOfTheirOwn() throws Exception {
    for (String name : List.of("a/1", "a/2", "b/1", "b/2")) {
      Path file = folder.resolve("photos").resolve(name + ".jpg");
      Files.createDirectories(file.getParent());
      Files.write(file, new byte[] {1});
    }
    assertTrainFails(
        3,
        "tessera: dataset.train = "
            + folder
            + "/photos: 4 of 4 images can't be decoded (1.000), more than"
            + " dataset.maxBadFraction = 0.01 allows:",
        "dataset { train = \"%s/photos\", validationFraction = 0 }".formatted(folder));
  }

  /** Writes to that device fail as those to a full disk do. */
  @Test
  void aFullDiskHasACodeOfItsOwn() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "there is no /dev/full, a device without room");
    TinyImages.writeIdx(folder.resolve("data"), 40, 4, 1);
    Files.createDirectory(folder.resolve("run"));
    Files.createSymbolicLink(folder.resolve("run/summary.txt.tmp"), full);
    assertTrainFails(
        5,
        "tessera: Cannot write "
            + folder
            + "/run/summary.txt: No space left on device. Check that the file system has room, can be"
            + " reached, and lets this user write there; everything written before is whole.",
        """
        dataset { format = idx, train = { images = "%1$s/data/images.gz", labels = "%1$s/data/labels.gz" } }
        image { height = 12, width = 12, channels = 1 }
        model.layers = [ { flatten {} }, { dense = classes, activation = softmax } ]
        """
            .formatted(folder));
  }

  private void assertTrainFails(int exitCode, String line, String job) throws Exception {
    Path file = folder.resolve("bad.conf");
    Files.writeString(file, job);
    Launcher.Result result =
        Launcher.run(
            Map.of(),
            "train",
            file.toString(),
            "--run-dir",
            folder.resolve("run").toString(),
            "--master",
            "local[2]");
    assertThat(result.exitCode()).as(result.output()).isEqualTo(exitCode);
    assertThat(result.output().lines().filter(printed -> printed.startsWith("tessera: ")).toList())
        .as(result.output())
        .contains(line);
    assertThat(result.output()).doesNotContain("\tat ").doesNotContain("defect of Tessera");
  }
}
