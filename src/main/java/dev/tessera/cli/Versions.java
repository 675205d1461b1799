package dev.tessera.cli;

import dev.tessera.Version;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The versions that matter to a defect. */
final class Versions implements IVersionProvider {
  private static final String SPARK = "spark-version-info.properties";

  @Override
  public String[] getVersion() {
    return new String[] {"tessera " + Version.CURRENT};
  }

  static String all() {
    return "Tessera "
        + Version.CURRENT
        + ", Spark "
        + spark()
        + ", Java "
        + System.getProperty("java.version")
        + ", "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.arch")
        + ".";
  }

  /** From the file that Spark's jar carries, without loading Spark. */
  private static String spark() {
    try (InputStream file = Versions.class.getClassLoader().getResourceAsStream(SPARK)) {
      if (file == null) {
        return "not found";
      }
      Properties properties = new Properties();
      properties.load(file);
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      // The report is about another failure; this one only costs a word in it.
      return "unknown";
    }
  }
}
