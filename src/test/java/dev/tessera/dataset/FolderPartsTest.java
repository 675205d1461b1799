package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.SparkSessionExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How the listing of folders is cut into tasks; what is listed is the same however it is cut. */
@ExtendWith(SparkSessionExtension.class)
class FolderPartsTest {
  @TempDir private Path root;
  private JavaSparkContext spark;

  @BeforeEach
  void takeSession(JavaSparkContext session) {
    spark = session;
  }

  @Test
  void makesAPartOfEveryClassWhereThereAreManyOfThem() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      names.add("class" + i);
      write("class" + i + "/deep/1.jpg");
    }
    // Two slots, four parts a slot.
    assertThat(parts(names))
        .hasSize(8)
        .allSatisfy(
            part -> assertThat(part).isEqualTo(FolderPart.whole(part.folder(), part.label())));
  }

  @Test
  void makesPartsOfTheFoldersBelowWhereThereAreFewClasses() throws Exception {
    for (int i = 0; i < 12; i++) {
      write("cat/20" + i + "/" + i + ".jpg");
    }
    write("cat/.hidden/1.jpg");
    write("cat/top.jpg");
    write("dog/1.jpg");
    List<FolderPart> parts = parts(List.of("cat", "dog"));
    assertThat(parts).hasSize(14).contains(FolderPart.whole("cat/207", 0));
    assertThat(parts).contains(FolderPart.whole("cat", 0).withoutFolders());
    assertThat(parts).contains(FolderPart.whole("dog", 1));
    assertThat(list()).hasSize(15).contains("cat/.hidden -1", "cat/top.jpg 0", "cat/207/7.jpg 0");
  }

  @Test
  void cutsAFlatFolderIntoSlicesThatTogetherAreTheFolder() throws Exception {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1100; i++) {
      write("cat/" + i + ".jpg");
      expected.add("cat/" + i + ".jpg 0");
    }
    write("cat/_SUCCESS");
    expected.add("cat/_SUCCESS -1");
    List<FolderPart> parts = parts(List.of("cat"));
    assertThat(parts).hasSize(8).doesNotHaveDuplicates();
    assertThat(parts).allMatch(part -> part.slices() == 8 && walk(part).size() > 50);
    assertThat(list()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void neitherListsNorCutsThroughLinksThatLeadBack() throws Exception {
    write("cat/a/1.jpg");
    write("cat/b/2.jpg");
    write("dog/3.jpg");
    Files.createSymbolicLink(root.resolve("cat/up"), root);
    Files.createSymbolicLink(root.resolve("cat/a/again"), root.resolve("cat/a"));
    Files.createSymbolicLink(root.resolve("eel"), root);
    assertThat(parts(List.of("cat", "dog", "eel")))
        .noneMatch(part -> part.folder().startsWith("cat/up/"));
    assertThat(list())
        .containsExactly(
            "cat/a/1.jpg 0",
            "cat/a/again -1",
            "cat/b/2.jpg 0",
            "cat/up -1",
            "dog/3.jpg 1",
            "eel -1");
  }

  @Test
  void listsWithoutHoldingAFolder() throws Exception {
    for (int i = 0; i < 10; i++) {
      write("cat/" + i + ".jpg");
    }
    try (FolderWalk walk = open(FolderPart.whole("cat", 0))) {
      ExampleRef first = walk.next();
      for (int i = 0; i < 10; i++) {
        Files.delete(root.resolve("cat/" + i + ".jpg"));
      }
      // What was deleted meanwhile is gone, or a link to nothing; it is never an error.
      assertThat(first.isHidden()).isFalse();
      walk.forEachRemaining(ref -> assertThat(ref.isHidden()).isTrue());
    }
  }

  private List<FolderPart> parts(List<String> names) {
    return new FolderParts(spark, source()).of(names);
  }

  private List<String> list() {
    return Listings.list(spark, new Location.Folder(root.toString()));
  }

  private FolderSource source() {
    return new FolderSource("dataset.train", root.toString());
  }

  private List<ExampleRef> walk(FolderPart part) {
    List<ExampleRef> refs = new ArrayList<>();
    try (FolderWalk walk = open(part)) {
      walk.forEachRemaining(refs::add);
    }
    return refs;
  }

  private FolderWalk open(FolderPart part) {
    FolderSource source = source();
    return new FolderWalk(source, source.fileSystem(new Configuration()), source.rootPath(), part);
  }

  private void write(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[1]);
  }
}
