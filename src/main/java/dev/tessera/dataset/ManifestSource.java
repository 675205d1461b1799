package dev.tessera.dataset;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jspecify.annotations.Nullable;

/**
 * A text of paths and labels. Origins are the paths as they are written, so that they move with the
 * manifest; relative ones start from its folder.
 */
record ManifestSource(
    DataFile file, @Nullable String pathColumn, @Nullable String labelColumn, ClassNames names)
    implements ReadableSource {
  private static final Pattern WITH_SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:/.*");

  ManifestSource(String key, Location.Manifest location) {
    this(
        new DataFile(key, location.path()),
        location.pathColumn(),
        location.labelColumn(),
        location.names());
  }

  @Override
  public String where() {
    return file.where();
  }

  @Override
  public String where(String className) {
    return "the label in " + file.name();
  }

  @Override
  public List<String> classNames(JavaSparkContext spark) {
    List<String> given = names.read(spark.hadoopConfiguration());
    return given.isEmpty()
        ? Labels.namesIn(where(), labelled(spark))
        : Labels.requireClear(where(), given);
  }

  @Override
  public String passedOver() {
    return "lines without a label";
  }

  /** Read by one task, line by line. */
  @Override
  public JavaRDD<ExampleRef> list(JavaSparkContext spark, List<String> classNames) {
    return Labels.unique(
        where(), Labels.refs(where(), labelled(spark), classNames), "Keep one of the lines.");
  }

  @Override
  public ExampleReader open(List<ExampleRef> refs, SerializableConfiguration configuration) {
    return new FileReader(where(), this::path, refs, configuration.value());
  }

  private Path path(String origin) {
    if (WITH_SCHEME.matcher(origin).matches()) {
      return new Path(origin);
    }
    Path manifest = Stores.path(where(), file.path());
    return origin.startsWith("/")
        ? new Path(manifest.toUri().getScheme(), manifest.toUri().getAuthority(), origin)
        : FolderSource.child(manifest.getParent(), origin);
  }

  private JavaRDD<LabelledRef> labelled(JavaSparkContext spark) {
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.hadoopConfiguration());
    return spark.parallelize(List.of(0), 1).flatMap(new ReadLines(this, configuration));
  }

  private record ReadLines(ManifestSource source, SerializableConfiguration configuration)
      implements FlatMapFunction<Integer, LabelledRef>, Serializable {
    @Override
    public Iterator<LabelledRef> call(Integer unused) {
      ManifestFile lines =
          new ManifestFile(
              source.file, source.pathColumn, source.labelColumn, configuration.value());
      TaskEnd.close(lines::close);
      return lines;
    }
  }
}
