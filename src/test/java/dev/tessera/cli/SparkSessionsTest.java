package dev.tessera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.job.Job;
import dev.tessera.job.JobParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class SparkSessionsTest {
  private static final Job JOB =
      JobParser.parse(
          """
          run.name = x
          dataset.train = a
          spark { spark.executor.memory = 2g, spark.speculation = true, spark.driver.memory = 9g }
          """,
          List.of());

  @Test
  void whatSparkSubmitWasGivenGoesBeforeTheJob() {
    StringWriter err = new StringWriter();
    SparkConf given = new SparkConf(false).set("spark.executor.memory", "4g");
    SparkConf conf =
        SparkSessions.settings(
            JOB,
            given,
            Messages.of(new String[0], new PrintWriter(new StringWriter()), new PrintWriter(err)));
    assertThat(conf.get("spark.executor.memory")).isEqualTo("4g");
    assertThat(conf.get("spark.speculation")).isEqualTo("true");
    assertThat(conf.get("spark.master")).isEqualTo("local[*]");
    assertThat(conf.get("spark.app.name")).isEqualTo("tessera x");
    assertThat(conf.contains("spark.driver.memory")).isFalse();
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            tessera: warning: spark.driver.memory of the job comes too late: the driver runs already. Give it to scripts/tessera or spark-submit, --conf spark.driver.memory=9g.
            tessera: warning: spark.executor.memory is as spark-submit was given it, not as the job has it.
            """);
  }
}
