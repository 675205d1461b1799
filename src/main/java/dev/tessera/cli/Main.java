package dev.tessera.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line's beginning: it knows {@code --help} and {@code --version}. */
@Command(name = "tessera", mixinStandardHelpOptions = true, version = "tessera 0.1.0")
public final class Main implements Runnable {
  private Main() {}

  public static void main(String[] arguments) {
    int code = new CommandLine(new Main()).execute(arguments);
    if (code != 0) {
      System.exit(code);
    }
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
