package dev.tessera.dataset;

import dev.tessera.error.JobException;
import dev.tessera.network.Shape;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;

/** A pair of IDX files. Origins are the name of the file of images and the record's number. */
record IdxSource(DataFile images, DataFile labels, ClassNames names) implements ReadableSource {

  IdxSource(String key, Location.Idx location) {
    this(
        new DataFile(key + ".images", location.images()),
        new DataFile(key + ".labels", location.labels()),
        location.names());
  }

  @Override
  public String where() {
    return images.where();
  }

  @Override
  public String where(String className) {
    return labels.path();
  }

  /** Read on the driver: a byte an image, and nothing of it stays. */
  @Override
  public List<String> classNames(JavaSparkContext spark) {
    int max = 0;
    for (byte label : labels(spark.hadoopConfiguration())) {
      max = Math.max(max, label & 0xff);
    }
    List<String> given = names.read(spark.hadoopConfiguration());
    if (given.isEmpty()) {
      return IntStream.rangeClosed(0, max).mapToObj(Integer::toString).toList();
    }
    if (max >= given.size()) {
      throw new JobException(
          labels.where()
              + ": the file has label "
              + max
              + ", but there are only "
              + given.size()
              + " class names. Name every class, in the order of the labels.");
    }
    return given;
  }

  @Override
  public JavaRDD<ExampleRef> list(JavaSparkContext spark, List<String> classNames) {
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.hadoopConfiguration());
    return spark.parallelize(List.of(0), 1).flatMap(new ListRecords(this, configuration));
  }

  @Override
  public ExampleReader open(List<ExampleRef> refs, SerializableConfiguration configuration) {
    try (IdxFile file = IdxFile.images(images, configuration.value())) {
      Shape.Image shape = new Shape.Image(file.height(), file.width(), 1);
      Records records = new Records(refs);
      byte[] record = new byte[shape.size()];
      String name = images.name();
      for (int i = 0; i < file.count(); i++) {
        file.read(record);
        String origin = Records.origin(name, i);
        if (records.wants(origin)) {
          records.put(origin, record.clone());
        }
      }
      return records.reader(shape);
    }
  }

  private byte[] labels(Configuration configuration) {
    try (IdxFile file = IdxFile.labels(labels, configuration)) {
      return file.readAll();
    }
  }

  private void checkImages(int labelCount, Configuration configuration) {
    try (IdxFile file = IdxFile.images(images, configuration)) {
      if (file.count() != labelCount) {
        throw new JobException(
            images.where()
                + ": the file has "
                + file.count()
                + " images, but "
                + labels.path()
                + " has "
                + labelCount
                + " labels. Take both files from the same set.");
      }
      file.checkLength();
    }
  }

  /** Executor side: reads the labels, and the images once to see that they are whole. */
  private record ListRecords(IdxSource source, SerializableConfiguration configuration)
      implements FlatMapFunction<Integer, ExampleRef> {
    @Override
    public Iterator<ExampleRef> call(Integer unused) {
      byte[] labels = source.labels(configuration.value());
      source.checkImages(labels.length, configuration.value());
      String name = source.images.name();
      return IntStream.range(0, labels.length)
          .mapToObj(i -> new ExampleRef(Records.origin(name, i), labels[i] & 0xff))
          .iterator();
    }
  }
}
