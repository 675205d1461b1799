package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

final class AbsolutePathsTest {
  private final AbsolutePaths absolute = new AbsolutePaths(new Configuration());
  private final String here = "file:" + Path.of("").toAbsolutePath();

  @Test
  void makesRelativePathsTheDrivers() {
    assertThat(new Location.Folder("photos/train").accept(absolute))
        .isEqualTo(new Location.Folder(here + "/photos/train"));
    assertThat(new Location.Idx("a b.gz", "l.gz", List.of("x")).accept(absolute))
        .isEqualTo(new Location.Idx(here + "/a b.gz", here + "/l.gz", List.of("x")));
    assertThat(new Location.Cifar(List.of("one.bin", "/two.bin"), 10).accept(absolute))
        .isEqualTo(new Location.Cifar(List.of(here + "/one.bin", "/two.bin"), 10));
  }

  @Test
  void leavesTheOthersAsTheJobHasThem() {
    for (String path : List.of("/photos", "file:///photos", "s3a://bucket/photos", "hdfs:/p", "")) {
      Location folder = new Location.Folder(path);
      assertThat(folder.accept(absolute)).isEqualTo(folder);
    }
  }
}
