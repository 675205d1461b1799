package dev.tessera.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.error.JobException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Class names that Hugging Face's writer leaves in the footer of a Parquet file. */
final class HuggingFaceNames {
  private static final String METADATA = "huggingface";

  private HuggingFaceNames() {}

  /** Those of the label column in the first file, empty if there are none. */
  static List<String> of(
      String where, Dataset<Row> rows, ImageTable table, Configuration configuration) {
    String label = table.labelName();
    String[] files = rows.inputFiles();
    if (label == null || files.length == 0) {
      return List.of();
    }
    String metadata = metadata(where, new Path(URI.create(files[0])), configuration);
    return metadata == null ? List.of() : names(metadata, label.replace("`", ""));
  }

  private static @Nullable String metadata(String where, Path file, Configuration configuration) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, configuration))) {
      return reader.getFileMetaData().getKeyValueMetaData().get(METADATA);
    } catch (IOException | RuntimeException e) {
      throw new JobException(
          where + ": " + file + " can't be read as Parquet: " + e.getMessage() + ".", e);
    }
  }

  private static List<String> names(String metadata, String label) {
    List<String> names = new ArrayList<>();
    try {
      JsonNode features = new ObjectMapper().readTree(metadata).path("info").path("features");
      features.path(label).path("names").forEach(name -> names.add(name.asText()));
    } catch (IOException e) {
      // Somebody else's text under that name.
      return List.of();
    }
    return names;
  }
}
