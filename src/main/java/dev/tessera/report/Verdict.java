package dev.tessera.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * An answer to one of the questions that a report is opened for.
 *
 * @param answer a few words
 * @param detail a sentence or more: the figures behind it, and what to do
 */
record Verdict(String question, String answer, String detail, Tone tone) {

  /** How it is marked. */
  enum Tone {
    GOOD,
    WARNING,
    BAD,
    PLAIN
  }

  void write(ObjectNode json) {
    json.put("question", question)
        .put("answer", answer)
        .put("detail", detail)
        .put("tone", tone.name().toLowerCase(Locale.ROOT));
  }
}
