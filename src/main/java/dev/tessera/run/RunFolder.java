package dev.tessera.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.error.JobException;
import dev.tessera.error.StorageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.List;

/**
 * One run's folder. Every file is written beside its place and then renamed into it: a reader finds
 * it whole or not at all.
 *
 * <p>Whatever the file system refuses becomes a {@link StorageException} that names the file.
 */
public final class RunFolder {
  public static final String JOB = "job.conf";
  public static final String MANIFEST = "manifest.json";
  public static final String SUMMARY = "summary.txt";
  public static final String LOG = "train.log";
  public static final String ROUNDS = "rounds.jsonl";
  public static final String PARAMETERS = "parameters.jsonl";
  public static final String HISTOGRAMS = "histograms.jsonl";

  /** One name, whenever the run began: so a run that goes on finds the file. */
  public static final String EVENTS = "tensorboard/events.out.tfevents.0.tessera";

  public static final String EVALUATION = "evaluation.json";
  public static final String PICTURES = "pictures.json";
  public static final String REPORT = "report.html";
  public static final String MODEL = "model.zip";
  public static final String BAD_IMAGES = "quarantine/bad-images.parquet";

  private static final ObjectMapper PRETTY =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Storage storage;
  private final String path;
  private boolean made;
  private volatile boolean begun;

  private RunFolder(Storage storage, String path) {
    this.storage = storage;
    this.path = path;
  }

  /** The folder there, which the first file written makes, whether a run lies in it or not. */
  public static RunFolder at(Storage storage, String path) {
    return new RunFolder(storage, path);
  }

  /**
   * Writes the job: from here on the folder holds a run, and is not made anew if it goes away.
   *
   * @throws dev.tessera.error.StorageException if the file system refuses
   */
  public void begin(String job) {
    writeText(JOB, job);
    begun = true;
  }

  /** As {@link #begin}, where the job is there already. */
  public void goOn() {
    begun = true;
  }

  /** Takes the job back of a run that has not begun, so that it can be tried again. */
  public void release() {
    begun = false;
    delete(JOB);
  }

  /** Removes the folder if this object has made it and nothing is left in it. */
  void removeUnused() {
    if (made && list("").isEmpty()) {
      delete("");
    }
  }

  /** Writes a file if there is none of that name, in one step. @return false if there is one */
  boolean createNew(String name, Content content) {
    String file = file(name);
    made = made || !exists();
    try (OutputStream out = storage.createNew(file)) {
      content.writeTo(out);
      return true;
    } catch (IOException e) {
      if (has(name)) {
        return false;
      }
      throw failure("write", file, e);
    }
  }

  private boolean exists() {
    try {
      return storage.exists(path);
    } catch (IOException e) {
      throw failure("look into the run folder", path, e);
    }
  }

  /** Looks for a run. @throws JobException if one lies here */
  public void requireFree() {
    try {
      if (storage.exists(file(MANIFEST)) || storage.exists(file(JOB))) {
        throw new JobException(
            "run.dir = "
                + path
                + " already holds a run"
                + (storage.exists(file(MODEL))
                    ? ", a finished one"
                    : ", which did not finish or still runs")
                + ". A run never overwrites another. Give this one a folder of its own with --run-dir DIR, or remove the old one.");
      }
    } catch (IOException e) {
      throw failure("look into the run folder", path, e);
    }
  }

  /** Where the folder is. */
  public String path() {
    return path;
  }

  /** Path of a file in the folder. */
  public String file(String name) {
    if (name.isEmpty()) {
      return path;
    }
    return path.endsWith("/") ? path + name : path + "/" + name;
  }

  /** Writes a whole file from what {@code content} puts into the stream. */
  public void write(String name, Content content) {
    put(name, content, beside -> {});
  }

  /** As {@link #write}, and has what was written looked at before it is put into its place. */
  void writeChecked(String name, Content content, Check check) {
    put(
        name,
        content,
        beside -> {
          try (InputStream in = storage.open(beside)) {
            check.read(in);
          }
        });
  }

  /** What is written into a folder that has gone would be half a run, or lie on another disk. */
  private void requireThere(String name) {
    if (begun && !has(JOB)) {
      throw new StorageException(
          "Cannot write "
              + file(name)
              + ": "
              + file(JOB)
              + " has gone. The run folder was removed or moved, or its file system is no longer there."
              + " Bring it back and start the same command again, or start with a new --run-dir DIR.",
          new FileNotFoundException(file(JOB)));
    }
  }

  /** Does something with the file that is written beside. */
  @FunctionalInterface
  private interface Beside {
    void look(String file) throws IOException;
  }

  /**
   * Puts a file into its place that a run which was killed has written beside. Stores that can't
   * replace a file in one step remove the old one first.
   */
  void finishReplacing(String name) {
    String beside = beside(name);
    if (has(name) || !has(beside)) {
      return;
    }
    try {
      storage.replace(file(beside), file(name));
    } catch (IOException e) {
      throw failure("write", file(name), e);
    }
  }

  /**
   * What a file is called until it is whole. TensorBoard reads whatever has {@code tfevents} in its
   * name, and would wait for ever for more of one that has been renamed.
   */
  private static String beside(String name) {
    return name.replace("tfevents", "next") + ".tmp";
  }

  private void put(String name, Content content, Beside before) {
    requireThere(name);
    String file = file(name);
    String beside = file(beside(name));
    try {
      try (OutputStream out = storage.create(beside)) {
        content.writeTo(out);
      }
      before.look(beside);
      storage.replace(beside, file);
    } catch (IOException e) {
      deleteQuietly(beside, e);
      throw failure("write", file, e);
    } catch (RuntimeException e) {
      deleteQuietly(beside, e);
      throw e;
    }
  }

  public void writeText(String name, String text) {
    write(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes indented JSON. */
  public void writeJson(String name, ObjectNode json) {
    write(
        name,
        out ->
            out.write((PRETTY.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  public InputStream open(String name) {
    try {
      return storage.open(file(name));
    } catch (IOException e) {
      throw failure("read", file(name), e);
    }
  }

  /** As it comes, where the caller knows what a failure means. */
  InputStream openRaw(String name) throws IOException {
    return storage.open(file(name));
  }

  /** Names of what lies in a folder of this one; none if there is no such folder. */
  List<String> list(String name) {
    try {
      return storage.list(file(name));
    } catch (IOException e) {
      throw failure("list", file(name), e);
    }
  }

  /** Whether the file is there. */
  public boolean has(String name) {
    try {
      return storage.exists(file(name));
    } catch (IOException e) {
      throw failure("look for", file(name), e);
    }
  }

  /** Deletes a file, or an empty folder, if it is there. */
  void delete(String name) {
    try {
      storage.delete(file(name));
    } catch (IOException e) {
      throw failure("remove", file(name), e);
    }
  }

  /** What a failure to read the file becomes. */
  public StorageException unreadable(String name, IOException e) {
    return failure("read", file(name), e);
  }

  private void deleteQuietly(String file, Exception first) {
    try {
      storage.delete(file);
    } catch (IOException e) {
      first.addSuppressed(e);
    }
  }

  static StorageException failure(String what, String file, IOException e) {
    return new StorageException(
        "Cannot "
            + what
            + " "
            + file
            + ": "
            + reason(e)
            + ". Check that the file system has room, can be reached, and lets this user write there; everything written before is whole.",
        e);
  }

  /**
   * The message, with the kind of failure where that is all that tells: AccessDenied, NoSuchFile.
   */
  private static String reason(IOException e) {
    String kind = e.getClass().getSimpleName();
    if (e.getMessage() == null) {
      return kind;
    }
    boolean onlyNamesFile = e instanceof FileSystemException system && system.getReason() == null;
    return onlyNamesFile ? kind + " " + e.getMessage() : e.getMessage();
  }

  /** What goes into a file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Looks at a file that was written. */
  @FunctionalInterface
  interface Check {
    void read(InputStream in) throws IOException;
  }
}
