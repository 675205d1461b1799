package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.SparkSessionExtension;
import dev.tessera.error.JobException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class ClassNamesTest {
  @TempDir private Path folder;

  @Test
  void readsOneNameALine() throws Exception {
    assertThat(names("t-shirt\r\nété\n\n  two words \n"))
        .containsExactly("t-shirt", "été", "two words");
    assertThat(ClassNames.NONE.read(new Configuration())).isEmpty();
    assertThat(ClassNames.of(List.of("b", "a")).read(new Configuration()))
        .containsExactly("b", "a");
  }

  @Test
  void refusesAFileThatIsMissingEmptyOrHasANameTwice() {
    String where = "dataset.classNamesFile = " + folder + "/names.txt: ";
    assertThatThrownBy(
            () -> new ClassNames(List.of(), folder + "/names.txt").read(new Configuration()))
        .isInstanceOf(JobException.class)
        .hasMessage(where + "there is no such file. Check the path.");
    assertThatThrownBy(() -> names("\n\n"))
        .hasMessage(where + "no names. Write one a line, in the order of the labels.");
    assertThatThrownBy(() -> names("a\nb\na\n"))
        .hasMessage(where + "\"a\" stands in it twice. Give every class one line.");
  }

  @Test
  void namesTheClassesOfIdxAndCifarToo(JavaSparkContext spark) throws Exception {
    Path ten =
        Files.write(
            folder.resolve("ten.txt"),
            "a\nb\nc\nd\ne\nf\ng\nh\ni\nj".getBytes(StandardCharsets.UTF_8));
    ClassNames names = new ClassNames(List.of(), ten.toString());
    Location.Idx idx = IdxFiles.write(folder, 10, 3);
    assertThat(Listings.classNames(spark, new Location.Idx(idx.images(), idx.labels(), names)))
        .hasSize(10)
        .startsWith("a", "b");
    assertThat(Listings.classNames(spark, new Location.Cifar(List.of("x.bin"), 10, names)))
        .endsWith("i", "j");
    Listings.assertRefused(
        () -> Listings.classNames(spark, new Location.Cifar(List.of("x.bin"), 100, names)),
        "dataset.train = [x.bin]: 10 class names for 100 classes. Name every class, in the order of"
            + " the labels, or set dataset.classes.");
  }

  private List<String> names(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("names.txt"), text);
    return new ClassNames(List.of(), file.toString()).read(new Configuration());
  }
}
