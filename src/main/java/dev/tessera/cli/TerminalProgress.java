package dev.tessera.cli;

import dev.tessera.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar at the bottom of a terminal; nothing anywhere else. Rounds come from another thread. */
final class TerminalProgress implements Progress, AutoCloseable {
  /** Short enough for every line of the log to cover it. */
  private static final int WIDTH = 56;

  private final boolean terminal;
  private @Nullable ProgressBar bar;

  private TerminalProgress(boolean terminal) {
    this.terminal = terminal;
  }

  /**
   * Begins with none, which the first round brings.
   *
   * @param log what else stands on standard error
   */
  static TerminalProgress start(Form log) {
    return new TerminalProgress(
        log == Form.TEXT && onTerminal() && !"dumb".equals(System.getenv("TERM")));
  }

  /** Java cannot ask about standard error alone. */
  @SuppressWarnings(
      "SystemConsoleNull") // Java 17 to 21 have null; later ones with -Djdk.console=java.base
  private static boolean onTerminal() {
    return System.console() != null;
  }

  @Override
  public synchronized void round(int roundsDone, int roundsTotal, String line) {
    if (!terminal) {
      return;
    }
    if (bar == null) {
      bar = open(roundsTotal);
    }
    bar.stepTo(roundsDone);
  }

  private static ProgressBar open(int rounds) {
    return new ProgressBarBuilder()
        .setTaskName("Training")
        .setUnit(" rounds", 1)
        .setInitialMax(rounds)
        .setStyle(ProgressBarStyle.ASCII)
        // The log has the time left.
        .hideEta()
        .setConsumer(new BelowTheLog())
        .build();
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
    }
  }

  /**
   * Leaves the cursor at the start of the bar's line, so that the next line of the log, which is
   * longer, takes its place instead of being appended to it.
   */
  private static final class BelowTheLog implements ProgressBarConsumer {
    @Override
    public int getMaxRenderedLength() {
      return WIDTH;
    }

    @Override
    public void accept(String rendered) {
      System.err.print("\r" + rendered + "\r");
      System.err.flush();
    }

    @Override
    public void clear() {
      accept(" ".repeat(WIDTH));
    }

    @Override
    public void close() {
      System.err.println();
    }
  }
}
