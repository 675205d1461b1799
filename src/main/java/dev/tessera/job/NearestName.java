package dev.tessera.job;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** The name a user may have meant. */
final class NearestName {
  private NearestName() {}

  /** The candidate with the fewest edits from {@code name}; the first of several. */
  static String of(String name, Collection<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
        .orElse("");
  }

  /** Whether so few edits lie between them that one is probably a slip for the other. */
  static boolean close(String name, String candidate) {
    return distance(name, candidate) <= Math.max(2, candidate.length() / 3);
  }

  /**
   * Characters to insert, delete, replace or swap with their neighbour (Damerau 1964). Case,
   * hyphens and underscores do not count: {@code batch_size} is {@code batchSize}.
   */
  static int distance(String a, String b) {
    return edits(plain(a), plain(b));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  private static int edits(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        edits[i][j] = i == 0 || j == 0 ? i + j : step(edits, a, b, i, j);
      }
    }
    return edits[a.length()][b.length()];
  }

  private static int step(int[][] edits, String a, String b, int i, int j) {
    int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int least = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, edits[i - 2][j - 2] + 1) : least;
  }
}
