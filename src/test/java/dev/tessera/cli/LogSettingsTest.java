package dev.tessera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.error.JobException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code conf/log4j2.properties}. */
class LogSettingsTest {
  private static final String FORM = "tessera.logFormat";

  private final LoggerContext context = new LoggerContext("settings");

  @BeforeEach
  void read() {
    context.setConfigLocation(Path.of("conf/log4j2.properties").toUri());
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  private boolean shows(String message) {
    return !others().isFiltered(event(message, null));
  }

  private ConsoleAppender others() {
    return context.getConfiguration().getAppender("others");
  }

  private static Log4jLogEvent event(String message, @Nullable Throwable thrown) {
    return Log4jLogEvent.newBuilder()
        .setLoggerName("org.apache.spark.scheduler.TaskSetManager")
        .setLevel(Level.WARN)
        .setMessage(new SimpleMessage(message))
        .setThrown(thrown)
        .build();
  }

  private String line(String message, @Nullable Throwable thrown) {
    String text = ((PatternLayout) others().getLayout()).toSerializable(event(message, thrown));
    return text.substring("00:00:00 ".length());
  }

  @Test
  void whatOthersSayHasOneLineAndNoStack() {
    String eol = System.lineSeparator();
    assertThat(line("Lost task 1.0: X: no room\n\tat a.B.c(B.java:1)\nCaused by: Y\n", null))
        .isEqualTo("WARN  TaskSetManager: Lost task 1.0: X: no room" + eol);
    assertThat(line("Cannot stop", new IllegalStateException("it runs")))
        .isEqualTo("WARN  TaskSetManager: Cannot stop: it runs" + eol);
  }

  @Test
  void asJsonEveryLineIsAnObject() throws IOException {
    System.setProperty(FORM, "json");
    try {
      context.reconfigure();
    } finally {
      System.clearProperty(FORM);
    }
    Throwable thrown = new IllegalStateException("it \"runs\"\n\tand C:\\runs");
    for (String name : List.of("others", "console")) {
      ConsoleAppender appender = context.getConfiguration().getAppender(name);
      PatternLayout layout = (PatternLayout) appender.getLayout();
      assertThat(layout.getConversionPattern()).isEqualTo(JsonLog.pattern());
      String line =
          layout.toSerializable(event("Lost task: X: \"no room\"\n\tat a.B.c(B.java:1)\n", thrown));
      assertThat(line).endsWith("}" + System.lineSeparator()).hasLineCount(1);
      JsonNode json = new ObjectMapper().readTree(line);
      assertThat(json.fieldNames())
          .toIterable()
          .containsExactly("time", "level", "logger", "message", "stack");
      assertThat(OffsetDateTime.parse(json.get("time").asText())).isAfter(OffsetDateTime.MIN);
      assertThat(json.get("level").asText()).isEqualTo("WARN");
      assertThat(json.get("logger").asText())
          .isEqualTo("org.apache.spark.scheduler.TaskSetManager");
      assertThat(json.get("message").asText())
          .isEqualTo("Lost task: X: \"no room\"\n\tat a.B.c(B.java:1)\n");
      assertThat(json.get("stack").asText())
          .startsWith(thrown + "\n\tat dev.tessera.cli.LogSettingsTest")
          .doesNotEndWith("\n");
    }
  }

  @Test
  void hidesStacksOfWhatIsToldAtTheEnd() {
    assertThat(
            shows(
                "Lost task 0.0 in stage 0.0 (TID 0): "
                    + new JobException("a.gz: truncated")
                    + "\n\tat dev.tessera.dataset.IdxFile.read(IdxFile.java:1)\n"))
        .isFalse();
  }

  @Test
  void showsOtherFailures() {
    assertThat(shows("Lost task 0.0 in stage 0.0 (TID 0): java.io.IOException: No space left"))
        .isTrue();
    assertThat(shows("Lost executor 1 on host: worker lost")).isTrue();
  }

  @Test
  void showsTaskFailuresOnce() {
    assertThat(
            context
                .getConfiguration()
                .getLoggerConfig("org.apache.spark.executor.Executor")
                .getLevel())
        .isEqualTo(Level.OFF);
    assertThat(
            context
                .getConfiguration()
                .getLoggerConfig("org.apache.spark.scheduler.TaskSetManager")
                .getLevel())
        .isEqualTo(Level.WARN);
  }
}
