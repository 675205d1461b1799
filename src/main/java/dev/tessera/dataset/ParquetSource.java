package dev.tessera.dataset;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;

import dev.tessera.error.JobException;
import dev.tessera.error.StorageException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Parquet files with images in a column. Origins are the column that the job names, else the file
 * below the folder that the job names and the row's number in it.
 */
record ParquetSource(String key, List<String> paths, Location.Columns columns, ClassNames names)
    implements StreamedSource {

  ParquetSource(String key, Location.Parquet location) {
    this(key, location.paths(), location.columns(), location.names());
  }

  @Override
  public String where() {
    return key + " = " + (paths.size() == 1 ? paths.get(0) : paths.toString());
  }

  @Override
  public String where(String className) {
    return "the label column";
  }

  @Override
  public String passedOver() {
    return "rows without a label";
  }

  /** Those of the job, else those that Hugging Face's writer left in the file, else the labels. */
  @Override
  public List<String> classNames(JavaSparkContext spark) {
    List<String> given = names.read(spark.hadoopConfiguration());
    if (given.isEmpty()) {
      Dataset<Row> rows = rows(spark);
      given = HuggingFaceNames.of(where(), rows, table(rows), spark.hadoopConfiguration());
    }
    return given.isEmpty()
        ? Labels.namesIn(where(), table(rows(spark)).refs(originOf(spark)))
        : Labels.requireClear(where(), given);
  }

  @Override
  public JavaRDD<ExampleRef> list(JavaSparkContext spark, List<String> classNames) {
    return Labels.unique(
        where(),
        Labels.refs(where(), table(rows(spark)).refs(originOf(spark)), classNames),
        columns.origin() == null
            ? "Rename one of the files, or name the folder that both lie below."
            : "Name another column in dataset.columns.origin, or none.");
  }

  @Override
  public JavaRDD<EncodedExample> read(JavaSparkContext spark) {
    return table(rows(spark)).examples(originOf(spark));
  }

  /**
   * In a session of its own, which reads row by row: Spark's reader of batches holds 4,096 rows,
   * and with images that is gigabytes.
   */
  private Dataset<Row> rows(JavaSparkContext spark) {
    SparkSession session = SparkSession.builder().getOrCreate().newSession();
    session.conf().set("spark.sql.parquet.enableVectorizedReader", "false");
    return ImageTable.analysed(
        where(),
        " Name Parquet files, or folders of them.",
        () -> session.read().parquet(expanded(spark.hadoopConfiguration())));
  }

  /** What globs lead to: Spark 4 logs a failure for every glob that it is given. */
  private String[] expanded(Configuration configuration) {
    List<String> expanded = new ArrayList<>();
    for (String text : paths) {
      FileStatus[] matches = matches(Stores.path(where(), text), configuration);
      if (matches == null || matches.length == 0) {
        throw new JobException(where() + ": there is no such file or folder. Check the path.");
      }
      Arrays.stream(matches).forEach(match -> expanded.add(match.getPath().toString()));
    }
    return expanded.toArray(String[]::new);
  }

  private FileStatus @Nullable [] matches(Path path, Configuration configuration) {
    try {
      return Stores.fileSystem(where(), path, configuration).globStatus(path);
    } catch (IOException e) {
      throw new StorageException(where() + ": can't be listed: " + e.getMessage(), e);
    }
  }

  private ImageTable table(Dataset<Row> rows) {
    Column place = concat(col("_metadata.file_path"), lit("#"), col("_metadata.row_index"));
    return new ImageTable(where(), rows, columns, columns.origin() == null ? place : null);
  }

  private BelowRoots originOf(JavaSparkContext spark) {
    return columns.origin() == null
        ? new BelowRoots(roots(spark.hadoopConfiguration()))
        : new BelowRoots(null);
  }

  /** Folders that the job names. */
  private ArrayList<String> roots(Configuration configuration) {
    ArrayList<String> roots = new ArrayList<>();
    for (String text : paths) {
      Path path = Stores.path(where(), text);
      try {
        FileSystem fileSystem = Stores.fileSystem(where(), path, configuration);
        if (fileSystem.exists(path) && fileSystem.getFileStatus(path).isDirectory()) {
          roots.add(fileSystem.makeQualified(path).toUri().getPath() + "/");
        }
      } catch (IOException e) {
        throw new StorageException(where() + ": can't be read: " + e.getMessage(), e);
      }
    }
    return roots;
  }

  /**
   * Cuts the file's address down to what lies below the job's folder, else to the name.
   *
   * @param roots paths of folders with a slash at the end; null: the origin is a column's, and
   *     stays
   */
  private record BelowRoots(@Nullable ArrayList<String> roots) implements Function<String, String> {
    @Override
    public String call(String origin) {
      if (roots == null) {
        return origin;
      }
      int mark = origin.lastIndexOf('#');
      String path = path(origin.substring(0, mark));
      String below = path.substring(path.lastIndexOf('/') + 1);
      for (String root : roots) {
        below = path.startsWith(root) ? path.substring(root.length()) : below;
      }
      return below + origin.substring(mark);
    }

    /** Spark gives addresses with percent signs for odd characters. */
    private static String path(String address) {
      try {
        return new Path(new URI(address)).toUri().getPath();
      } catch (URISyntaxException e) {
        return new Path(address).toUri().getPath();
      }
    }
  }
}
