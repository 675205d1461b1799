package dev.tessera.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.error.JobException;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * {@code checkpoints/} of a run folder: a folder for every checkpoint that is kept, {@code
 * round-00000120/}, with {@code state.safetensors} and {@code state.json}. The second holds the
 * checksum of the first and is written after it: a checkpoint without it, or whose first file is
 * another, is none.
 */
public final class Checkpoints {
  public static final String FOLDER = "checkpoints";
  private static final String TENSORS = "state.safetensors";
  private static final String STATE = "state.json";
  private static final String CHECKSUM = "crc32c";
  private static final String SCHEMA_KEY = "schema";
  private static final int SCHEMA = 1;
  private static final Pattern NAME = Pattern.compile("(round|best)-([0-9]{8})");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final RunFolder folder;
  private final int kept;

  /**
   * @param kept how many checkpoints stay, beside the best; at least 1
   */
  public Checkpoints(RunFolder folder, int kept) {
    this.folder = folder;
    this.kept = kept;
  }

  /** Why a checkpoint is kept. */
  private enum Kind {
    /** To go on from. */
    ROUND("round"),
    /** It did best on the validation set. */
    BEST("best");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }

    String path(int round) {
      return String.format("%s/%s-%08d", FOLDER, prefix, round);
    }
  }

  /**
   * Writes a checkpoint, reads it back, and removes those that are too many.
   *
   * @throws dev.tessera.error.StorageException if the file system refuses; the checkpoints before
   *     are whole
   */
  public void write(Checkpoint checkpoint) {
    write(Kind.ROUND, checkpoint);
    int whole = 0;
    for (int round : rounds(Kind.ROUND)) {
      // Those after it are not whole, or the run would have gone on from them.
      if (round > checkpoint.round() || whole++ >= kept) {
        remove(Kind.ROUND, round);
      }
    }
  }

  /** Writes the checkpoint that did best so far, in place of the one before. */
  public void writeBest(Checkpoint checkpoint) {
    write(Kind.BEST, checkpoint);
    for (int round : rounds(Kind.BEST)) {
      if (round != checkpoint.round()) {
        remove(Kind.BEST, round);
      }
    }
  }

  private void write(Kind kind, Checkpoint checkpoint) {
    String path = kind.path(checkpoint.round());
    CRC32C written = new CRC32C();
    folder.writeChecked(
        path + "/" + TENSORS,
        out -> {
          OutputStream checked = new CheckedOutputStream(out, written);
          Safetensors.write(checked, checkpoint.tensors());
          checked.flush();
        },
        in -> {
          CheckedInputStream readBack = new CheckedInputStream(in, new CRC32C());
          readBack.transferTo(OutputStream.nullOutputStream());
          if (readBack.getChecksum().getValue() != written.getValue()) {
            throw new IOException("what was written reads back otherwise");
          }
        });
    ObjectNode state =
        JSON.createObjectNode().put(SCHEMA_KEY, SCHEMA).put("round", checkpoint.round());
    state.put(CHECKSUM, text(written));
    state.setAll(checkpoint.state());
    folder.writeText(path + "/" + STATE, text(state));
  }

  private static String text(CRC32C checksum) {
    return HexFormat.of().toHexDigits((int) checksum.getValue());
  }

  private static String text(ObjectNode state) {
    try {
      return JSON.writeValueAsString(state) + "\n";
    } catch (IOException e) {
      throw new IllegalStateException("Cannot write " + STATE, e);
    }
  }

  /**
   * The last checkpoint that is whole. Those after it that are not are named to {@code warnings},
   * one line each.
   *
   * @throws JobException if the last one that may be is of another version's format
   */
  public Optional<Checkpoint> latest(Consumer<String> warnings) {
    for (int round : rounds(Kind.ROUND)) {
      String path = Kind.ROUND.path(round);
      try {
        return Optional.of(read(path, round));
      } catch (IOException e) {
        warnings.accept(
            folder.file(path)
                + " is no whole checkpoint ("
                + e.getMessage()
                + "): the one before it is taken.");
      }
    }
    return Optional.empty();
  }

  private Checkpoint read(String path, int round) throws IOException {
    JsonNode json;
    try (InputStream in = open(path + "/" + STATE)) {
      json = JSON.readTree(in);
    }
    if (!(json instanceof ObjectNode state)) {
      throw new IOException(STATE + " is empty");
    }
    requireOwnSchema(path, state);
    CRC32C checksum = new CRC32C();
    Map<String, float[]> tensors;
    try (InputStream in = open(path + "/" + TENSORS)) {
      CheckedInputStream checked = new CheckedInputStream(new BufferedInputStream(in), checksum);
      tensors = Safetensors.read(checked);
      if (checked.read() >= 0) {
        throw new IOException(TENSORS + " goes on after its last tensor");
      }
    }
    String expected = state.path(CHECKSUM).asText();
    if (!text(checksum).equals(expected)) {
      throw new IOException(
          TENSORS + " has the checksum " + text(checksum) + ", " + STATE + " says " + expected);
    }
    return new Checkpoint(round, state, tensors);
  }

  /**
   * Another version's checkpoint is whole: to pass over it would throw away what it holds.
   *
   * @throws JobException if it is of another format
   * @throws IOException if it has no number for one, as no version writes it
   */
  private void requireOwnSchema(String path, ObjectNode state) throws IOException {
    JsonNode schema = state.path(SCHEMA_KEY);
    if (!schema.isInt() || schema.intValue() < 1) {
      throw new IOException(STATE + " has no schema");
    }
    if (schema.intValue() != SCHEMA) {
      throw new JobException(
          folder.file(path)
              + " is a checkpoint of schema "
              + schema.intValue()
              + ", written by Tessera "
              + state.path("identity").path("tessera").asText("of unknown version")
              + "; this version reads schema "
              + SCHEMA
              + ". Go on with a version that reads it, or give this run a folder of its own with"
              + " --run-dir DIR.");
    }
  }

  /**
   * A file that is missing makes a checkpoint none; a store that refuses says nothing of it.
   *
   * @throws dev.tessera.error.StorageException if the store can't be read
   */
  private InputStream open(String name) throws IOException {
    try {
      return folder.openRaw(name);
    } catch (FileNotFoundException e) {
      throw e;
    } catch (IOException e) {
      throw folder.unreadable(name, e);
    }
  }

  /** Rounds of the checkpoints there are, whole or not, the last first. */
  private List<Integer> rounds(Kind kind) {
    List<Integer> rounds = new ArrayList<>();
    for (String name : folder.list(FOLDER)) {
      Matcher matcher = NAME.matcher(name);
      if (matcher.matches() && matcher.group(1).equals(kind.prefix)) {
        rounds.add(Integer.valueOf(matcher.group(2)));
      }
    }
    rounds.sort((a, b) -> Integer.compare(b, a));
    return rounds;
  }

  /** First what makes it whole, so that it is none while the rest goes. */
  private void remove(Kind kind, int round) {
    String path = kind.path(round);
    folder.delete(path + "/" + STATE);
    folder.delete(path + "/" + TENSORS);
    folder.delete(path + "/" + STATE + ".tmp");
    folder.delete(path + "/" + TENSORS + ".tmp");
    folder.delete(path);
  }
}
