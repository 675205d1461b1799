package dev.tessera.engine.nd4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tessera.error.JobException;
import dev.tessera.error.StorageException;
import dev.tessera.network.NetworkException;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A model as a zip that DL4J opens ({@code ModelSerializer.restoreMultiLayerNetwork}), with two
 * entries of ours beside DL4J's.
 *
 * <p>Entries, in this order: {@code tessera/model.json}, {@code tessera/classes.json}, {@code
 * configuration.json}, {@code coefficients.bin}, and {@code updaterState.bin} where the updater has
 * state. DL4J's three have the bytes that {@code ModelSerializer.writeModel} gives them, written
 * here directly: it wants an open network, and holds it all in memory. Equal models give equal
 * files: entries are stored uncompressed under a fixed time.
 *
 * <p>What plain DL4J does with it: infers equal probabilities; goes on training with the updater,
 * its state, the iteration and the learning rate of the run. It has no classical momentum; such a
 * model goes on with Nesterov's there.
 */
public final class ModelFile {
  private static final String MODEL = "tessera/model.json";
  private static final String CLASSES = "tessera/classes.json";

  /** Zips know no time before 1980; a month later, no time zone leads before it. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private ModelFile() {}

  /** Writes and flushes, leaves {@code target} open. */
  public static void write(StoredModel model, OutputStream target) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(target));
    zip.setLevel(Deflater.NO_COMPRESSION);
    begin(zip, MODEL);
    zip.write(ModelJson.model(model));
    begin(zip, CLASSES);
    zip.write(ModelJson.classes(model.classNames()));
    begin(zip, ModelSerializer.CONFIGURATION_JSON);
    zip.write(configuration(model).toJson().getBytes(StandardCharsets.UTF_8));
    begin(zip, ModelSerializer.COEFFICIENTS_BIN);
    Nd4jVector.write(model.state().parameters(), zip);
    if (model.state().updaterState().length > 0) {
      begin(zip, ModelSerializer.UPDATER_BIN);
      Nd4jVector.write(model.state().updaterState(), zip);
    }
    zip.finish();
    zip.flush();
  }

  private static void begin(ZipOutputStream zip, String name) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    zip.putNextEntry(entry);
  }

  private static MultiLayerConfiguration configuration(StoredModel model) {
    RunFacts facts = model.facts();
    MultiLayerConfiguration configuration =
        Dl4jConfiguration.portable(model.workload(), facts.seed(), facts.learningRate());
    configuration.setIterationCount(Math.toIntExact(facts.iterations()));
    configuration.setEpochCount(facts.epochs());
    return configuration;
  }

  /**
   * Reads a model to the end of {@code source}, which stays open. Loads nothing native.
   *
   * @param where the file's name, for errors
   * @throws JobException if it is not a whole model file of ours
   * @throws StorageException if {@code source} can't be read
   */
  public static StoredModel read(String where, InputStream source) {
    try {
      TailStream tail = new TailStream(source);
      Entries entries = Entries.read(new ZipInputStream(tail));
      if (!entries.any) {
        throw new MalformedModelException("is not a zip");
      }
      if (!tail.endsAsZip()) {
        throw new EOFException();
      }
      return entries.model();
    } catch (MalformedModelException e) {
      throw refuse(where, e.problem(), e);
    } catch (JsonProcessingException | IllegalArgumentException | NetworkException e) {
      throw refuse(where, "is damaged: " + e.getMessage(), e);
    } catch (EOFException | ZipException e) {
      throw refuse(where, "is cut short or damaged", e);
    } catch (IOException e) {
      throw new StorageException(where + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static JobException refuse(String where, String what, Exception cause) {
    return new JobException(
        where + ": " + what + ". Give a model.zip that `train` has written.", cause);
  }

  /** The contents of a zip, as far as they concern us. */
  private static final class Entries {
    private boolean any;
    private byte @Nullable [] model;
    private byte @Nullable [] classes;
    private boolean configuration;
    private float @Nullable [] parameters;
    private float[] updaterState = new float[0];

    static Entries read(ZipInputStream zip) throws IOException {
      Entries entries = new Entries();
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.any = true;
        entries.take(entry.getName(), zip);
        zip.closeEntry();
      }
      return entries;
    }

    private void take(String name, InputStream content) throws IOException {
      switch (name) {
        case MODEL -> model = content.readAllBytes();
        case CLASSES -> classes = content.readAllBytes();
        case ModelSerializer.CONFIGURATION_JSON -> configuration = true;
        case ModelSerializer.COEFFICIENTS_BIN -> parameters = Nd4jVector.read(content);
        case ModelSerializer.UPDATER_BIN -> updaterState = Nd4jVector.read(content);
        default -> {}
      }
    }

    StoredModel model() throws IOException {
      if (!configuration || parameters == null) {
        throw new MalformedModelException("is a zip but not a model");
      }
      if (model == null || classes == null) {
        throw new MalformedModelException(
            "opens in DL4J but was not written by Tessera: it lacks "
                + (model == null ? MODEL : CLASSES)
                + ", so its classes and its scaling of pixels are unknown");
      }
      return ModelJson.read(model, classes, parameters, updaterState);
    }
  }
}
