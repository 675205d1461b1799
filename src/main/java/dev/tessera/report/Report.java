package dev.tessera.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.run.RunFolder;
import java.util.List;
import java.util.stream.Collectors;

/** The report of one run or several, from what their folders hold now. */
public final class Report {
  private static final int SCHEMA = 1;

  private final List<RunStory> stories;

  private Report(List<RunStory> stories) {
    this.stories = stories;
  }

  /**
   * Reads the folders.
   *
   * @param runs at least one
   * @throws dev.tessera.error.JobException if one holds no run, or one without any round
   */
  public static Report of(List<RunFolder> runs) {
    return new Report(runs.stream().map(run -> RunStory.read(run, runs.size())).toList());
  }

  /** One file that needs no other. */
  public String html() {
    ObjectNode data = JsonNodeFactory.instance.objectNode().put("schema", SCHEMA);
    ArrayNode runs = data.putArray("runs");
    stories.forEach(story -> runs.add(RunData.of(story, stories.size())));
    String names = stories.stream().map(RunStory::name).collect(Collectors.joining(", "));
    return ReportPage.of(names + " - Tessera", data);
  }

  /** Thirty lines a run for a terminal, none longer than a hundred characters but for names. */
  public String text() {
    return stories.stream().map(TextReport::of).collect(Collectors.joining("\n"));
  }
}
