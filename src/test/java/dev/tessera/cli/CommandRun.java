package dev.tessera.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** The command line run inside the test, with what it printed. */
record CommandRun(int exitCode, String out, String err) {
  static CommandRun of(Runs runs, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Messages messages = Messages.of(args, new PrintWriter(out), new PrintWriter(err));
    int code = Main.run(args, () -> runs, messages);
    return new CommandRun(code, out.toString(), err.toString());
  }

  static CommandRun of(String... args) {
    return of(new FakeRuns(), args);
  }
}
