package dev.tessera.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What a run says: to the log of the program, and to {@code train.log} in the run folder. Not
 * thread-safe.
 */
public final class RunLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.tessera.run");

  private static final String RECORD = "tessera.record";

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

  /**
   * Says something that a program may want as data too.
   *
   * @param record the line of {@code rounds.jsonl} that says the same
   */
  public void info(String message, ObjectNode record) {
    with(record, () -> info(message));
  }

  /** Warns of something that a program may want as data too. */
  public void warn(String message, ObjectNode record) {
    with(record, () -> warn(message));
  }

  /** The pattern for JSON in {@code conf/log4j2.properties} has it; others leave it out. */
  private static void with(ObjectNode record, Runnable line) {
    MDC.put(RECORD, record.toString());
    try {
      line.run();
    } finally {
      MDC.remove(RECORD);
    }
  }

  /** Into {@code train.log} alone, for what the program shows by itself. */
  public void record(String message) {
    write("WARN ", message);
  }

  /** Into {@code train.log} alone: where something failed, for whoever mends it. */
  public void recordStack(Throwable failure) {
    StringWriter stack = new StringWriter();
    failure.printStackTrace(new PrintWriter(stack));
    record(stack.toString().stripTrailing());
  }

  private void write(String level, String message) {
    file.line(TIME.format(LocalDateTime.now(ZoneId.systemDefault())) + " " + level + message);
  }

  @Override
  public void close() {
    file.close();
  }
}
