package dev.tessera.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.error.JobException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Paths and labels of a manifest, line by line: JSON lines where the text begins with a brace, else
 * CSV with a header line. Stays on its thread.
 */
final class ManifestFile extends FoundIterator<LabelledRef> implements AutoCloseable {
  private static final String PATH = "path";
  private static final String LABEL = "label";

  private final DataFile file;
  private final @Nullable String pathColumn;
  private final @Nullable String labelColumn;
  private final BufferedReader text;
  private final Entries entries;

  /** The way from a text to its entries. */
  private interface Entries {
    @Nullable LabelledRef next() throws IOException;
  }

  ManifestFile(
      DataFile file,
      @Nullable String pathColumn,
      @Nullable String labelColumn,
      Configuration configuration) {
    this.file = file;
    this.pathColumn = pathColumn;
    this.labelColumn = labelColumn;
    text =
        new BufferedReader(
            new InputStreamReader(file.open(configuration).stream(), StandardCharsets.UTF_8),
            1 << 16);
    try {
      skipByteOrderMark();
      entries = startsWithBrace() ? new JsonLines() : new Csv();
    } catch (IOException e) {
      close();
      throw file.failed(e, 0);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  @Nullable LabelledRef find() {
    try {
      return entries.next();
    } catch (IOException e) {
      throw file.failed(e, 0);
    }
  }

  @Override
  public void close() {
    try {
      text.close();
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  private void skipByteOrderMark() throws IOException {
    text.mark(1);
    if (text.read() != '\ufeff') {
      text.reset();
    }
  }

  private boolean startsWithBrace() throws IOException {
    text.mark(1 << 12);
    int c;
    do {
      c = text.read();
    } while (c == ' ' || c == '\n' || c == '\r' || c == '\t');
    text.reset();
    return c == '{';
  }

  /**
   * An entry as both formats have it.
   *
   * @throws JobException if it has no path
   */
  private LabelledRef entry(String path, @Nullable String label, long line) {
    String origin = path.startsWith("./") ? path.substring(2) : path;
    if (origin.isBlank()) {
      throw wrong(line, "there is no path", "Every line names an image.");
    }
    return new LabelledRef(origin, label);
  }

  private JobException wrong(long line, String what, String remedy) {
    return new JobException(file.where() + ": line " + line + ": " + what + ". " + remedy);
  }

  private final class Csv implements Entries {
    private final CsvRecords records = new CsvRecords(text);
    private final List<String> header;
    private final int path;
    private final int label;

    Csv() throws IOException {
      List<String> first = record();
      if (first == null) {
        throw new JobException(file.where() + ": the file is empty. Begin with a line path,label.");
      }
      header = first;
      path = place(pathColumn, PATH, 0);
      label = place(labelColumn, LABEL, 1);
      if (path == label) {
        throw wrong(
            1,
            "column \"" + header.get(path) + "\" would be path and label",
            "Name both columns, in dataset.columns.path and dataset.columns.label.");
      }
    }

    private int place(@Nullable String wanted, String usual, int otherwise) {
      int place = header.indexOf(wanted == null ? usual : wanted);
      if (place >= 0) {
        return place;
      }
      if (wanted != null) {
        throw new JobException(
            file.where()
                + ": there is no column \""
                + wanted
                + "\" among "
                + header
                + ". Correct dataset.columns."
                + usual
                + ".");
      }
      if (otherwise >= header.size()) {
        throw wrong(
            1,
            "one column, \"" + header.get(0) + "\"",
            "A manifest has a path and a label in every line, with a comma between.");
      }
      return otherwise;
    }

    @Override
    public @Nullable LabelledRef next() throws IOException {
      List<String> fields = record();
      if (fields == null) {
        return null;
      }
      if (fields.size() <= Math.max(path, label)) {
        throw wrong(
            records.line(),
            fields.size() + " fields where the header has " + header.size(),
            "Put fields with commas into quotation marks.");
      }
      return entry(fields.get(path), fields.get(label), records.line());
    }

    private @Nullable List<String> record() throws IOException {
      try {
        return records.next();
      } catch (CsvRecords.Malformed e) {
        throw wrong(records.line(), Objects.requireNonNull(e.getMessage()), "Correct the line.");
      }
    }
  }

  private final class JsonLines implements Entries {
    private final ObjectMapper json = new ObjectMapper();
    private final String path = pathColumn == null ? PATH : pathColumn;
    private final String label = labelColumn == null ? LABEL : labelColumn;
    private long line;

    @Override
    public @Nullable LabelledRef next() throws IOException {
      String read;
      do {
        read = text.readLine();
        line++;
      } while (read != null && read.isBlank());
      return read == null ? null : entry(read);
    }

    private LabelledRef entry(String read) {
      JsonNode object = parsed(read);
      JsonNode named = object.path(path);
      if (!named.isTextual()) {
        throw wrong(
            line,
            "there is no text under \"" + path + "\"",
            "Write {\"path\": ..., \"label\": ...}, or give the names in dataset.columns.");
      }
      if (!object.has(label)) {
        throw wrong(
            line,
            "there is no \"" + label + "\"",
            "Give its name in dataset.columns.label; null stands for no label.");
      }
      String text = JsonLabels.text(object.path(label));
      if (text == null) {
        throw wrong(line, "the label is " + object.path(label), "Use a text or a whole number.");
      }
      return ManifestFile.this.entry(named.textValue(), text, line);
    }

    private JsonNode parsed(String read) {
      try {
        JsonNode object = json.readTree(read);
        if (object.isObject()) {
          return object;
        }
      } catch (JsonProcessingException e) {
        throw wrong(line, "not JSON (" + e.getOriginalMessage() + ")", "Correct the line.");
      }
      throw wrong(line, "no JSON object", "Every line is one, of a path and a label.");
    }
  }
}
