package dev.tessera.dataset;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jspecify.annotations.Nullable;

/**
 * WebDataset's tar files. Origins are the name of a file and the path of the image in it. One task
 * a file.
 */
record TarSource(Containers files, @Nullable String labelField, ClassNames names)
    implements StreamedSource {

  TarSource(String key, Location.Tar location) {
    this(
        new Containers(key, location.paths(), List.of(".tar", ".tar.gz", ".tgz")),
        location.labelField(),
        location.names());
  }

  @Override
  public String where() {
    return files.where();
  }

  @Override
  public String where(String className) {
    return labelField == null ? "the labels in .cls or .json" : "the labels in .json";
  }

  @Override
  public String passedOver() {
    return "hidden members, images without a label and labels without an image";
  }

  @Override
  public List<String> classNames(JavaSparkContext spark) {
    List<String> given = names.read(spark.hadoopConfiguration());
    return given.isEmpty()
        ? Labels.namesIn(where(), labelled(spark))
        : Labels.requireClear(where(), given);
  }

  /** Reads labels, and the headers of everything else. */
  @Override
  public JavaRDD<ExampleRef> list(JavaSparkContext spark, List<String> classNames) {
    return Labels.unique(
        where(),
        Labels.refs(where(), labelled(spark), classNames),
        "Remove one of the members from the file.");
  }

  @Override
  public JavaRDD<EncodedExample> read(JavaSparkContext spark) {
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.hadoopConfiguration());
    return files.each(spark, new ReadImages(configuration));
  }

  private JavaRDD<LabelledRef> labelled(JavaSparkContext spark) {
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.hadoopConfiguration());
    return files.each(spark, new ReadLabels(labelField, configuration));
  }

  private record ReadLabels(@Nullable String labelField, SerializableConfiguration configuration)
      implements FlatMapFunction<DataFile, LabelledRef> {
    @Override
    public Iterator<LabelledRef> call(DataFile file) {
      TarFile tar = new TarFile(file, configuration.value());
      TaskEnd.close(tar::close);
      return new TarSamples(tar, labelField);
    }
  }

  private record ReadImages(SerializableConfiguration configuration)
      implements FlatMapFunction<DataFile, EncodedExample> {
    @Override
    public Iterator<EncodedExample> call(DataFile file) {
      TarFile tar = new TarFile(file, configuration.value());
      TaskEnd.close(tar::close);
      return new TarImages(tar);
    }
  }
}
