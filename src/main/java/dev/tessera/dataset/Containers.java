package dev.tessera.dataset;

import dev.tessera.error.JobException;
import dev.tessera.error.StorageException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * Files that hold many examples each, as a job names them: files, folders or globs. The driver
 * knows their names, which tell examples apart, and nothing of what is in them.
 *
 * @param extensions that a file in a folder has to end with, in small letters; none: any file
 */
record Containers(String key, List<String> paths, List<String> extensions) implements Serializable {

  String where() {
    return key + " = " + (paths.size() == 1 ? paths.get(0) : paths.toString());
  }

  /**
   * The files, by path.
   *
   * @throws JobException if a path leads to none, or two have the same name
   */
  List<DataFile> files(Configuration configuration) {
    List<DataFile> files = new ArrayList<>();
    Map<String, String> pathOfName = new HashMap<>();
    for (String path : paths) {
      List<DataFile> found = files(path, configuration);
      for (DataFile file : found) {
        String same = pathOfName.put(file.name(), file.path());
        if (same != null) {
          throw new JobException(
              file.where()
                  + ": "
                  + same
                  + " has the same name, and names tell images apart. Name every file once, or rename"
                  + " one.");
        }
      }
      files.addAll(found);
    }
    files.sort(Comparator.comparing(DataFile::path));
    return List.copyOf(files);
  }

  /** What a function finds in the files, one task a file. */
  <T> JavaRDD<T> each(JavaSparkContext spark, FlatMapFunction<DataFile, T> function) {
    List<DataFile> found = files(spark.hadoopConfiguration());
    List<Integer> places = IntStream.range(0, found.size()).boxed().toList();
    return spark.parallelize(places, places.size()).flatMap(new OfPlace<>(found, function));
  }

  /** The files go with the function, since Kryo, which may move elements, can't make records. */
  private record OfPlace<T>(List<DataFile> files, FlatMapFunction<DataFile, T> function)
      implements FlatMapFunction<Integer, T> {
    @Override
    public Iterator<T> call(Integer place) throws Exception {
      return function.call(files.get(place));
    }
  }

  private List<DataFile> files(String text, Configuration configuration) {
    String where = key + " = " + text;
    Path path = Stores.path(where, text);
    List<DataFile> found = new ArrayList<>();
    try {
      FileSystem fileSystem = Stores.fileSystem(where, path, configuration);
      FileStatus[] matches = fileSystem.globStatus(path);
      if (matches == null || matches.length == 0) {
        throw new JobException(where + ": there is no such file or folder. Check the path.");
      }
      for (FileStatus match : matches) {
        if (match.isDirectory()) {
          for (FileStatus entry : fileSystem.listStatus(match.getPath())) {
            add(found, entry, this::isContainer);
          }
        } else {
          add(found, match, name -> true);
        }
      }
    } catch (IOException e) {
      throw new StorageException(where + ": can't be listed: " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new JobException(
          where
              + ": no files in it"
              + (extensions.isEmpty() ? "" : " that end with " + String.join(", ", extensions))
              + ". Name the folder they lie in, or the files.");
    }
    return found;
  }

  private void add(List<DataFile> found, FileStatus file, Predicate<String> wanted) {
    if (!file.isDirectory() && wanted.test(file.getPath().getName())) {
      found.add(new DataFile(key, file.getPath().toString()));
    }
  }

  private boolean isContainer(String name) {
    String small = name.toLowerCase(Locale.ROOT);
    return !HiddenFiles.isHidden(name)
        && (extensions.isEmpty() || extensions.stream().anyMatch(small::endsWith));
  }
}
