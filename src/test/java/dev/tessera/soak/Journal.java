package dev.tessera.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the killers of a run have written down, over all its drivers. */
final class Journal {
  private final List<Line> lines;

  /** Kills have a number and the round that ran, rounds their own number. */
  private record Line(long millis, String what, int number, int round) {
    static Line of(String text) {
      String[] parts = text.split(" ", -1);
      boolean isKill = parts[1].equals("kill");
      return new Line(
          Long.parseLong(parts[0]),
          parts[1],
          isKill ? Integer.parseInt(parts[2]) : 0,
          Integer.parseInt(parts[isKill ? 3 : 2]));
    }

    boolean isKill() {
      return what.equals("kill");
    }
  }

  Journal(Path file) throws IOException {
    lines =
        Files.exists(file) ? Files.readAllLines(file).stream().map(Line::of).toList() : List.of();
  }

  /** Numbers of the kills that have happened. */
  List<Integer> kills() {
    return lines.stream().filter(Line::isKill).map(Line::number).toList();
  }

  Soak.Row row(Cluster cluster, Kill kill, boolean equal) {
    int at = 0;
    while (!lines.get(at).isKill() || lines.get(at).number() != kill.number()) {
      at++;
    }
    Line killed = lines.get(at);
    int before =
        lines.subList(0, at).stream()
            .filter(line -> line.what().equals("round"))
            .reduce((first, second) -> second)
            .map(Line::round)
            .orElse(0);
    int from = kill.endsTheDriver() ? startAfter(at) : at;
    Line next =
        lines.subList(from, lines.size()).stream()
            .filter(line -> line.what().equals("round") || line.what().equals("end"))
            .findFirst()
            .orElse(killed);
    int again = next.what().equals("round") ? Math.max(0, before + 1 - next.round()) : 0;
    return new Soak.Row(
        cluster.title(),
        kill.number(),
        kill.victim().title,
        kill.signal(),
        kill.moment().title,
        killed.round(),
        (next.millis() - killed.millis()) / 1e3,
        again,
        equal);
  }

  /** A driver that is being killed may still write down a round. */
  private int startAfter(int at) {
    int from = at;
    while (from < lines.size() && !lines.get(from).what().equals("start")) {
      from++;
    }
    return from;
  }
}
