package dev.tessera.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.AppenderRef;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.DefaultConfiguration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.layout.PatternLayout;

/**
 * Makes a JSON object of every line that the log has on the terminal. Only the form changes:
 * levels, filters and files are those of whoever configured the log, and ours where nobody did.
 */
final class JsonLog {
  /** A copy of {@code conf/log4j2.properties}, which has the pattern. */
  private static final String SETTINGS = "log4j2.properties";

  private static final String PATTERN = "property.json";

  /** Spark's own settings, in one of its jars. */
  private static final String OF_SPARK = "!/org/apache/spark/log4j2-";

  private JsonLog() {}

  /** From here on, in the whole JVM. Once. */
  static void begin() {
    LoggerContext context = LoggerContext.getContext(false);
    // Spark 4 takes its own settings once more with its first line where it has found no others
    // before.
    context.addPropertyChangeListener(
        change -> {
          // Levels that are set come here too, without other settings.
          if (change.getOldValue() != change.getNewValue()) {
            apply(context);
          }
        });
    apply(context);
    // The log keeps the stream that it has.
    PastTheLog past = new PastTheLog(System.err);
    System.setErr(new PrintStream(past, true, Charset.defaultCharset()));
    Runtime.getRuntime().addShutdownHook(new Thread(past::end, "last line past the log"));
  }

  private static void apply(LoggerContext context) {
    Configuration configuration = context.getConfiguration();
    if (isNobodys(configuration)) {
      // Comes back here.
      context.setConfigLocation(location());
      return;
    }
    PatternLayout layout =
        PatternLayout.newBuilder()
            .withConfiguration(configuration)
            .withPattern(pattern())
            .withCharset(StandardCharsets.UTF_8)
            .withAlwaysWriteExceptions(false)
            .build();
    configuration.getLoggers().values().forEach(logger -> replace(logger, layout));
    context.updateLoggers();
  }

  /** Whether it is what Log4j or Spark take by themselves, Spark with its first line. */
  private static boolean isNobodys(Configuration configuration) {
    return configuration instanceof DefaultConfiguration
        || String.valueOf(configuration.getConfigurationSource().getLocation()).contains(OF_SPARK);
  }

  private static void replace(LoggerConfig logger, PatternLayout layout) {
    for (AppenderRef reference : logger.getAppenderRefs()) {
      Appender appender = logger.getAppenders().get(reference.getRef());
      if (appender instanceof ConsoleAppender console) {
        logger.removeAppender(console.getName());
        logger.addAppender(like(console, layout), reference.getLevel(), reference.getFilter());
      }
    }
  }

  private static ConsoleAppender like(ConsoleAppender console, PatternLayout layout) {
    ConsoleAppender.Builder<?> builder = ConsoleAppender.newBuilder();
    builder.setName(console.getName());
    builder.setLayout(layout);
    builder.setFilter(console.getFilter());
    // Log4j's default is standard output, which is for the result.
    builder.setTarget(ConsoleAppender.Target.SYSTEM_ERR);
    ConsoleAppender appender = builder.build();
    appender.start();
    return appender;
  }

  private static URL settings() {
    return Objects.requireNonNull(JsonLog.class.getResource(SETTINGS), SETTINGS);
  }

  private static URI location() {
    try {
      return settings().toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pattern() {
    Properties properties = new Properties();
    try (InputStream file = settings().openStream()) {
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty(PATTERN);
  }

  /** What something prints without the log, a line at a time. */
  private static final class PastTheLog extends OutputStream {
    private static final String LOGGER = "stderr";

    /** Of a line; longer ones come in parts. */
    private static final int MOST_BYTES = 1 << 16;

    private final PrintStream terminal;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private PastTheLog(PrintStream terminal) {
      this.terminal = terminal;
    }

    @Override
    public synchronized void write(int one) {
      // Progress bars end their lines by a return.
      boolean ends = one == '\n' || one == '\r';
      if (!ends) {
        line.write(one);
      }
      if (ends || line.size() == MOST_BYTES) {
        end();
      }
    }

    synchronized void end() {
      String text = line.toString(Charset.defaultCharset()).stripTrailing();
      line.reset();
      if (!text.isEmpty()) {
        terminal.println(Messages.line("WARN", LOGGER, text, null));
      }
    }
  }
}
