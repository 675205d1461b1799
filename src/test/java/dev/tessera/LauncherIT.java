package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
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
}
