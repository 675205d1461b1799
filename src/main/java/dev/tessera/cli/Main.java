package dev.tessera.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Stand-in for the command line; knows {@code --help} and {@code --version} only. */
@Command(
    name = "tessera",
    mixinStandardHelpOptions = true,
    version = "tessera 0.1.0",
    subcommands = {Main.Train.class, Main.Evaluate.class, Main.Summary.class})
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

  @Command(name = "train", mixinStandardHelpOptions = true, version = "tessera 0.1.0")
  static final class Train implements Runnable {
    @CommandLine.Parameters(arity = "0..*")
    private java.util.List<String> arguments = new java.util.ArrayList<>();

    @CommandLine.Option(names = "--set")
    private java.util.List<String> set = new java.util.ArrayList<>();

    @CommandLine.Option(names = "--code")
    private int code;

    @CommandLine.Option(names = "--wait")
    private int wait;

    @Override
    public void run() {
      Scratch.run(arguments, set, code, wait);
    }
  }

  @Command(name = "evaluate", mixinStandardHelpOptions = true, version = "tessera 0.1.0")
  static final class Evaluate implements Runnable {
    @Override
    public void run() {}
  }

  @Command(name = "summary", mixinStandardHelpOptions = true, version = "tessera 0.1.0")
  static final class Summary implements Runnable {
    @Override
    public void run() {}
  }
}
