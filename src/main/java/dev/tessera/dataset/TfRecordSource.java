package dev.tessera.dataset;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jspecify.annotations.Nullable;

/**
 * TensorFlow's files of examples. Origins are the name of a file and the record's number in it. One
 * task a file.
 */
record TfRecordSource(
    Containers files,
    @Nullable String imageFeature,
    @Nullable String labelFeature,
    ClassNames names)
    implements StreamedSource {

  TfRecordSource(String key, Location.TfRecord location) {
    this(
        new Containers(key, location.paths(), List.of()),
        location.imageFeature(),
        location.labelFeature(),
        location.names());
  }

  @Override
  public String where() {
    return files.where();
  }

  @Override
  public String where(String className) {
    return "the feature " + (labelFeature == null ? TfExamples.LABEL : labelFeature);
  }

  @Override
  public String passedOver() {
    return "records without a label";
  }

  @Override
  public List<String> classNames(JavaSparkContext spark) {
    List<String> given = names.read(spark.hadoopConfiguration());
    return given.isEmpty()
        ? Labels.namesIn(where(), labelled(spark))
        : Labels.requireClear(where(), given);
  }

  /** Origins can't be equal: the names of the files differ. */
  @Override
  public JavaRDD<ExampleRef> list(JavaSparkContext spark, List<String> classNames) {
    return Labels.refs(where(), labelled(spark), classNames);
  }

  @Override
  public JavaRDD<EncodedExample> read(JavaSparkContext spark) {
    return files.each(spark, new ReadImages(examples(spark)));
  }

  private JavaRDD<LabelledRef> labelled(JavaSparkContext spark) {
    return files.each(spark, new ReadLabels(examples(spark)));
  }

  private TfExamples examples(JavaSparkContext spark) {
    return new TfExamples(
        imageFeature, labelFeature, new SerializableConfiguration(spark.hadoopConfiguration()));
  }

  private record ReadLabels(TfExamples examples) implements FlatMapFunction<DataFile, LabelledRef> {
    @Override
    public Iterator<LabelledRef> call(DataFile file) {
      return examples.labels(file);
    }
  }

  private record ReadImages(TfExamples examples)
      implements FlatMapFunction<DataFile, EncodedExample> {
    @Override
    public Iterator<EncodedExample> call(DataFile file) {
      return examples.images(file);
    }
  }
}
