package dev.tessera.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tessera.run.RunFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The files of a run folder, of which any may not be there yet. */
final class JsonLines {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonLines() {}

  /** Hands over line after line; the file itself may be larger than memory. */
  static void each(RunFolder folder, String name, Consumer<JsonNode> line) {
    if (!folder.has(name)) {
      return;
    }
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(folder.open(name), StandardCharsets.UTF_8))) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line.accept(JSON.readTree(text));
      }
    } catch (IOException e) {
      throw folder.unreadable(name, e);
    }
  }

  /** A file of one object; a missing node if there is no such file. */
  static JsonNode object(RunFolder folder, String name) {
    if (!folder.has(name)) {
      return MissingNode.getInstance();
    }
    try (InputStream in = folder.open(name)) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw folder.unreadable(name, e);
    }
  }

  /** Empty if there is no such file. */
  static String text(RunFolder folder, String name) {
    if (!folder.has(name)) {
      return "";
    }
    try (InputStream in = folder.open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw folder.unreadable(name, e);
    }
  }

  /** NaN where there is no number. */
  static double number(JsonNode json) {
    return json.isNumber() ? json.asDouble() : Double.NaN;
  }
}
