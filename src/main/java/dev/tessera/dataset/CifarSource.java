package dev.tessera.dataset;

import dev.tessera.error.JobException;
import dev.tessera.network.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;

/** CIFAR's binary files. Origins are the name of a file and the record's number in it. */
record CifarSource(String key, List<DataFile> files, int classes, ClassNames names)
    implements ReadableSource {

  CifarSource(String key, Location.Cifar location) {
    this(key, files(key, location), location.classes(), location.names());
  }

  @Override
  public String where() {
    return key + " = " + files.stream().map(DataFile::path).toList();
  }

  @Override
  public String where(String className) {
    return files.size() + (files.size() == 1 ? " file" : " files");
  }

  @Override
  public List<String> classNames(JavaSparkContext spark) {
    List<String> given = names.read(spark.hadoopConfiguration());
    if (given.isEmpty()) {
      return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }
    if (given.size() != classes) {
      throw new JobException(
          where()
              + ": "
              + given.size()
              + " class names for "
              + classes
              + " classes. Name every class, in the order of the labels, or set dataset.classes.");
    }
    return given;
  }

  /** One task a file. */
  @Override
  public JavaRDD<ExampleRef> list(JavaSparkContext spark, List<String> classNames) {
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.hadoopConfiguration());
    List<Integer> places = IntStream.range(0, files.size()).boxed().toList();
    return spark
        .parallelize(places, places.size())
        .flatMap(new ListRecords(files, classes, configuration));
  }

  @Override
  public ExampleReader open(List<ExampleRef> refs, SerializableConfiguration configuration) {
    Records records = new Records(refs);
    for (DataFile dataFile : files) {
      try (CifarFile file = new CifarFile(dataFile, classes, configuration.value())) {
        String name = dataFile.name();
        while (file.next()) {
          String origin = Records.origin(name, file.number());
          if (records.wants(origin)) {
            records.put(origin, file.pixels());
          }
        }
      }
    }
    return records.reader(new Shape.Image(CifarFile.SIDE, CifarFile.SIDE, 3));
  }

  /** Names tell the images of a set apart, so they must differ. */
  private static List<DataFile> files(String key, Location.Cifar location) {
    if (location.files().isEmpty()) {
      throw new JobException(key + " = []: no files. Name at least one, like data_batch_1.bin.");
    }
    List<DataFile> files = new ArrayList<>();
    Map<String, String> pathOfName = new HashMap<>();
    for (String path : location.files()) {
      DataFile file = new DataFile(key, path);
      String same = pathOfName.put(file.name(), path);
      if (same != null) {
        throw new JobException(
            file.where()
                + ": "
                + same
                + " has the same name, and names tell images apart. Name every file once, or rename"
                + " one.");
      }
      files.add(file);
    }
    return List.copyOf(files);
  }

  private record ListRecords(
      List<DataFile> files, int classes, SerializableConfiguration configuration)
      implements FlatMapFunction<Integer, ExampleRef> {
    @Override
    public Iterator<ExampleRef> call(Integer place) {
      DataFile dataFile = files.get(place);
      List<ExampleRef> refs = new ArrayList<>();
      try (CifarFile file = new CifarFile(dataFile, classes, configuration.value())) {
        while (file.next()) {
          refs.add(new ExampleRef(Records.origin(dataFile.name(), file.number()), file.label()));
        }
      }
      return refs.iterator();
    }
  }
}
