package dev.tessera.run;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run says: to the log of the program, and to {@code train.log} in the run folder. Not
 * thread-safe.
 */
public final class RunLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.tessera.run");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

  private final GrowingFile file;

  /** Goes on after the lines that are there. */
  public RunLog(RunFolder folder) {
    this.file = GrowingFile.continued(folder, RunFolder.LOG, line -> true);
  }

  /** Puts every line so far into the run folder. */
  public void publish() {
    file.publish();
  }

  public void info(String message) {
    LOG.info(message);
    write("INFO ", message);
  }

  public void warn(String message) {
    LOG.warn(message);
    write("WARN ", message);
  }

  /** Into {@code train.log} alone, for what the program shows by itself. */
  public void record(String message) {
    write("WARN ", message);
  }

  private void write(String level, String message) {
    file.line(TIME.format(LocalDateTime.now(ZoneId.systemDefault())) + " " + level + message);
  }

  @Override
  public void close() {
    file.close();
  }
}
