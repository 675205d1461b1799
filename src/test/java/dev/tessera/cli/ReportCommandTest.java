package dev.tessera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  private static final String ROUND =
      """
      {"schema":1,"kind":"round","round":1,"epoch":1,"examples":8,"loss":0.5,"workers":2,"seconds":{"broadcast":0.1,"fit":1,"aggregate":0.1,"driver":0.1},"imagesPerSecond":8}
      """;

  @TempDir Path folder;

  private Path run(String name) throws IOException {
    Path run = Files.createDirectories(folder.resolve(name));
    Files.writeString(run.resolve("job.conf"), "");
    Files.writeString(run.resolve("rounds.jsonl"), ROUND);
    return run;
  }

  @Test
  void writesOneFileIntoTheRun() throws IOException {
    Path run = run("one");
    CommandRun done = CommandRun.of("report", run.toString());
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(done.out())
        .isEqualToNormalizingNewlines("The report is in " + run + "/report.html\n");
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("job.conf", "rounds.jsonl", "report.html");
    }
  }

  @Test
  void comparesSeveralRunsInTheFolderOfTheFirstOrWhereItIsTold() throws IOException {
    Path first = run("one");
    Path second = run("two");
    CommandRun done = CommandRun.of("report", first.toString(), second.toString());
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(first.resolve("comparison.html")).content().contains("two");
    Path elsewhere = folder.resolve("new/both.html");
    done =
        CommandRun.of("report", "--to", elsewhere.toString(), first.toString(), second.toString());
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(elsewhere).hasSameTextualContentAs(first.resolve("comparison.html"));
  }

  @Test
  void printsTheSameAndWritesNothing() throws IOException {
    Path run = run("one");
    CommandRun done = CommandRun.of("report", "--text", run.toString());
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(done.out()).contains("Did it learn?").contains("What limits it?");
    assertThat(run.resolve("report.html")).doesNotExist();
  }

  @Test
  void whatCannotBeReportedIsWrongInput() throws IOException {
    Path run = run("one");
    CommandRun none = CommandRun.of("report", folder.resolve("none").toString());
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).startsWith("tessera: There is no run in " + folder.resolve("none"));
    Files.writeString(run.resolve("rounds.jsonl"), "");
    CommandRun begun = CommandRun.of("report", run.toString());
    assertThat(begun.exitCode()).isEqualTo(2);
    assertThat(begun.err()).contains("has recorded no round");
    assertThat(CommandRun.of("report").exitCode()).isEqualTo(2);
    CommandRun both = CommandRun.of("report", run.toString(), "--text", "--to", "a.html");
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("--text prints and --to writes: give one of them");
    CommandRun unnamed = CommandRun.of("report", run.toString(), "--to", folder + "/");
    assertThat(unnamed.exitCode()).isEqualTo(2);
    assertThat(unnamed.err())
        .contains(
            "Cannot write a report into \""
                + folder
                + "/\": this names no file. Give one, such as"
                + " report.html.");
  }

  @Test
  void whatCannotBeWrittenIsAFailureOfStorage() throws IOException {
    Path run = run("one");
    Path file = Files.writeString(folder.resolve("file"), "");
    CommandRun failed = CommandRun.of("report", run.toString(), "--to", file + "/report.html");
    assertThat(failed.exitCode()).isEqualTo(5);
    assertThat(failed.err()).startsWith("tessera: Cannot write " + file + "/report.html: ");
  }
}
