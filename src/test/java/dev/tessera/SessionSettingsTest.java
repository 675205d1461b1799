package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.run.LocalStorage;
import dev.tessera.run.RunFolder;
import dev.tessera.run.RunLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionSettingsTest {
  private static final SparkConf SESSION =
      new SparkConf(false).set("spark.speculation", "true").set("spark.executor.memory", "4g");

  @TempDir Path folder;

  @Test
  void namesSettingsThatTheSessionHasNotWithoutTheirValues() throws IOException {
    try (RunLog log = new RunLog(RunFolder.at(new LocalStorage(), folder.toString()))) {
      SessionSettings.warnOfOthers(
          SESSION,
          Map.of(
              "spark.speculation", "true",
              "spark.executor.memory", "2g",
              "spark.hadoop.fs.s3a.secret.key", "hush"),
          log);
    }
    assertThat(Files.readString(folder.resolve("train.log")))
        .contains(
            "WARN Without effect, because the Spark session runs already and has them otherwise:"
                + " spark.executor.memory, spark.hadoop.fs.s3a.secret.key. Set them where the session"
                + " is started.")
        .doesNotContain("hush", "spark.speculation");
  }

  @Test
  void saysNothingWhereTheSessionIsAsTheJobHasIt() {
    try (RunLog log = new RunLog(RunFolder.at(new LocalStorage(), folder.toString()))) {
      SessionSettings.warnOfOthers(SESSION, Map.of("spark.speculation", "true"), log);
      SessionSettings.warnOfOthers(SESSION, Map.of(), log);
    }
    assertThat(folder.resolve("train.log")).doesNotExist();
  }

  @Test
  void whatTheUserSaysStandsBeforeOurDefaults() {
    SparkConf settings = new SparkConf(false).set("spark.broadcast.compress", "true");
    SessionSettings.withDefaults(settings);
    assertThat(settings.get("spark.broadcast.compress")).isEqualTo("true");
    assertThat(settings.get("spark.shuffle.compress")).isEqualTo("false");
  }

  @Test
  void kryoLearnsOurClassesBesideThoseOfTheUser() {
    String key = "spark.kryo.registrator";
    SparkConf given = new SparkConf(false).set(key, "com.example.Photos");
    String both = "com.example.Photos,dev.tessera.dataset.KryoClasses";
    assertThat(SessionSettings.withDefaults(given).get(key)).isEqualTo(both);
    assertThat(SessionSettings.withDefaults(given).get(key)).isEqualTo(both);
    assertThat(SessionSettings.withDefaults(new SparkConf(false)).get(key))
        .isEqualTo("dev.tessera.dataset.KryoClasses");
  }
}
