package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.tessera.SparkSessionExtension;
import dev.tessera.error.JobException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class TarSourceTest {
  @TempDir private Path root;
  private JavaSparkContext spark;

  @BeforeEach
  void takeSession(JavaSparkContext session) {
    spark = session;
  }

  @Test
  void groupsMembersUpToTheFirstDotAndPassesOverHiddenOnes() throws Exception {
    Path tar =
        write(
            "a.tar",
            tar(
                "./._1.jpg", "x",
                "./1.cls", "cat\n",
                "./1.jpg", "one",
                "./1.json", "{\"label\": \"dog\"}",
                "deep.er/2.PNG", "two",
                "deep.er/2.json", "{\"label\": \"dog\", \"caption\": \"2\"}",
                "__MACOSX/2.jpg", "x",
                "3.seg.png", "mask",
                "3.jpeg", "three",
                "3.png", "another",
                "3.cls", "cat",
                "no-label.jpg", "x",
                "no-image.cls", "cat",
                "4.json", "{\"caption\": \"no label\"}",
                "4.jpg", "x"));
    assertThat(Listings.classNames(spark, tar(tar))).containsExactly("cat", "dog");
    assertThat(Listings.list(spark, tar(tar)))
        .containsExactly(
            "a.tar/._1.jpg -1",
            "a.tar/1.jpg 0",
            "a.tar/3.jpeg 0",
            "a.tar/4.jpg -1",
            "a.tar/__MACOSX/2.jpg -1",
            "a.tar/deep.er/2.PNG 1",
            "a.tar/no-label.jpg -1",
            "no-image -1");
  }

  @Test
  void readsEveryImageWithItsBytesPlainAndGzip() throws Exception {
    byte[] bytes = tar("1.cls", "0", "1.jpg", "one", "2.jpg", "two", "2.cls", "1", "3.bmp", "");
    for (Path tar : List.of(write("s.tar", bytes), write("s.tgz", IdxFiles.gzip(bytes)))) {
      String name = tar.getFileName().toString();
      assertThat(Listings.list(spark, tar(tar)))
          .containsExactly(name + "/1.jpg 0", name + "/2.jpg 1", name + "/3.bmp -1");
      assertThat(Listings.read(spark, tar(tar)))
          .containsExactly(
              entry(name + "/1.jpg", "one"),
              entry(name + "/2.jpg", "two"),
              entry(name + "/3.bmp", ""));
    }
  }

  @Test
  void takesFoldersGlobsAndLists() throws Exception {
    write("set/b.tar", tar("1.jpg", "b", "1.cls", "0"));
    write("set/a.tar", tar("1.jpg", "a", "1.cls", "1"));
    write("set/_SUCCESS", new byte[0]);
    write("set/readme.txt", new byte[] {1});
    List<String> expected = List.of("a.tar/1.jpg 1", "b.tar/1.jpg 0");
    assertThat(Listings.list(spark, tar(root.resolve("set")))).isEqualTo(expected);
    assertThat(Listings.list(spark, tar(root.resolve("set/*.tar")))).isEqualTo(expected);
    Location list =
        new Location.Tar(List.of(root + "/set/b.tar", root + "/set/a.tar"), null, ClassNames.NONE);
    assertThat(Listings.list(spark, list)).isEqualTo(expected);
  }

  @Test
  void takesTheFieldThatIsNamedInsteadOfTheCls() throws Exception {
    Path tar =
        write("s.tar", tar("1.cls", "0", "1.jpg", "", "1.json", "{\"kind\": 7, \"label\": 1}"));
    Location location = new Location.Tar(List.of(tar.toString()), "kind", ClassNames.NONE);
    assertThat(Listings.classNames(spark, location)).containsExactly("7");
    Path list = write("l.tar", tar("1.jpg", "", "1.json", "{\"kind\": [7]}"));
    Listings.assertRefused(
        () ->
            Listings.list(
                spark, new Location.Tar(List.of(list.toString()), "kind", ClassNames.NONE)),
        "dataset.train = file:"
            + list
            + ": 1.json has [7] as \"kind\". A label is a text or a whole number: give another field"
            + " in dataset.labelField.");
  }

  @Test
  void refusesAMemberThatIsThereTwice() throws Exception {
    Path tar =
        write("s.tar", tar("1.jpg", "", "1.cls", "0", "2.jpg", "", "1.jpg", "", "1.cls", "0"));
    Listings.assertRefused(
        () -> Listings.list(spark, tar(tar)),
        "dataset.train = "
            + tar
            + ": s.tar/1.jpg is there twice, and images are told apart by it. Remove one of the"
            + " members from the file.");
  }

  @Test
  void refusesFilesOfEqualNamesAndNone() throws Exception {
    write("x/s.tar", tar("1.jpg", "", "1.cls", "0"));
    write("y/s.tar", tar("1.jpg", "", "1.cls", "0"));
    Listings.assertRefused(
        () -> Listings.list(spark, tar(root.resolve("*/s.tar"))),
        "dataset.train = file:"
            + root
            + "/y/s.tar: file:"
            + root
            + "/x/s.tar has the same name, and names tell images apart. Name every file once, or"
            + " rename one.");
    Listings.assertRefused(
        () -> Listings.list(spark, tar(root.resolve("none-*.tar"))),
        "dataset.train = "
            + root
            + "/none-*.tar: there is no such file or folder. Check the path.");
    Listings.assertRefused(
        () -> Listings.list(spark, tar(root)),
        "dataset.train = "
            + root
            + ": no files in it that end with .tar, .tar.gz, .tgz. Name the folder they lie in, or the"
            + " files.");
  }

  @Test
  void noticesAFileThatIsCutAnywhere() throws Exception {
    byte[] whole = tar("1.jpg", "x".repeat(3000), "1.cls", "0", "2.jpg", "y", "2.cls", "1");
    // Headers lie at 0, 3584, 4608 and 5632, the end mark at 6656.
    for (int length : List.of(0, 100, 512, 700, 2000, 3584, 4000, 4700, 5300, 6656)) {
      Path tar = write("cut.tar", Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Listings.list(spark, tar(tar)))
          .as("cut after " + length)
          .isInstanceOf(JobException.class)
          .hasMessageContaining(tar.toString())
          .hasMessageMatching("(?s).*(damaged or truncated|no tar file).*");
    }
  }

  @Test
  void refusesWhatIsNoTar() throws Exception {
    Path text = write("text.tar", "not a tar, ".repeat(200).getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> Listings.list(spark, tar(text)))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith(
            "dataset.train = file:"
                + text
                + ": the tar file is damaged or truncated in member 0, after byte 512: Corrupted TAR"
                + " archive. Copy");
  }

  private static Location tar(Path path) {
    return new Location.Tar(List.of(path.toString()), null, ClassNames.NONE);
  }

  private Path write(String path, byte[] bytes) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  /** A tar of members, name and text in turn. */
  private static byte[] tar(String... members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (int i = 0; i < members.length; i += 2) {
        byte[] content = members[i + 1].getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(members[i]);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }
}
