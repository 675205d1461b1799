package dev.tessera;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What training left of a model, bit for bit.
 *
 * @param parameters as hexadecimal digits, of {@code coefficients.bin}
 * @param updaterState the same of {@code updaterState.bin}; empty where there is none
 */
public record ModelBits(String parameters, String updaterState) {
  /** Of the model in a run folder. */
  public static ModelBits of(Path run) throws IOException {
    try (ZipFile model = new ZipFile(run.resolve("model.zip").toFile())) {
      return new ModelBits(entry(model, "coefficients.bin"), entry(model, "updaterState.bin"));
    }
  }

  private static String entry(ZipFile model, String name) throws IOException {
    ZipEntry entry = model.getEntry(name);
    return entry == null
        ? ""
        : HexFormat.of().formatHex(model.getInputStream(entry).readAllBytes());
  }

  /** Short: a difference is not found by reading it. */
  @Override
  public String toString() {
    return Integer.toHexString(parameters.hashCode())
        + "/"
        + Integer.toHexString(updaterState.hashCode());
  }
}
