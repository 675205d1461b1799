package dev.tessera.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.dataset.Location;
import dev.tessera.network.NetworkPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JobExamplesTest {
  static List<Path> jobs() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("jobs"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void everyExampleParsesCompilesAndComesBackTheSame(Path file) {
    Job job = JobParser.read(file, List.of());
    NetworkPlan plan = job.model().compile(job.image().shape(), 10);
    assertThat(plan.parameterCount()).isPositive();
    JobRoundTripTest.assertSame(job, JobParser.parse(job.resolved(), List.of()), file.toString());
  }

  @Test
  void theQuickstartsPicturesAreThere() {
    Job job = JobParser.read(Path.of("jobs/quickstart.conf"), List.of());
    Location.Idx train = (Location.Idx) job.dataset().train();
    assertThat(Path.of(train.images())).exists();
    assertThat(Path.of(train.labels())).exists();
    assertThat(train.classNames()).hasSize(10);
  }

  @Test
  void thereIsAnExampleOfEveryFormatOfAnIncludeASubstitutionAndAnEnvironmentVariable()
      throws IOException {
    StringBuilder all = new StringBuilder(Files.readString(Path.of("jobs/include/common.conf")));
    for (Path file : jobs()) {
      all.append(Files.readString(file));
    }
    assertThat(all)
        .contains("format = folder", "format = idx", "format = cifar", "format = manifest")
        .contains("format = parquet", "format = tfrecord")
        .contains("include \"include/common.conf\"", "${run.name}", "${?TESSERA_DATA}");
  }
}
