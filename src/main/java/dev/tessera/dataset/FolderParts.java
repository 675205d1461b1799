package dev.tessera.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * Cuts the class folders of a set into parts that tasks list at the same time. Where there are too
 * few for the cluster, a look into them finds the folders below, which become parts of their own; a
 * flat folder is cut into slices where that saves something.
 */
final class FolderParts {
  /** A task costs the driver a kilobyte or two. */
  static final int MAX_TASKS = 10_000;

  /** Parts differ in size, so that there have to be more than slots. */
  private static final int PARTS_PER_SLOT = 4;

  private static final int MAX_LEVELS = 4;
  private static final int MAX_SLICES = 16;

  /** A folder with none among so many entries is taken to have no folders. */
  private static final int LOOKED_AT = 1000;

  private final JavaSparkContext spark;
  private final FolderSource source;
  private final int wanted;

  FolderParts(JavaSparkContext spark, FolderSource source) {
    this.spark = spark;
    this.source = source;
    wanted = Math.min(MAX_TASKS, PARTS_PER_SLOT * Math.max(1, spark.defaultParallelism()));
  }

  /** The parts: as many as wanted where the folders allow it. A small Spark job a level. */
  List<FolderPart> of(List<String> classNames) {
    List<FolderPart> parts = new ArrayList<>();
    for (int label = 0; label < classNames.size(); label++) {
      parts.add(FolderPart.whole(classNames.get(label), label));
    }
    for (int level = 0; level < MAX_LEVELS && parts.size() < wanted; level++) {
      List<FolderPart> deeper = expanded(parts);
      if (deeper.size() == parts.size()) {
        break;
      }
      parts = deeper;
    }
    return sliced(parts);
  }

  private List<FolderPart> expanded(List<FolderPart> parts) {
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.hadoopConfiguration());
    List<Integer> places = IntStream.range(0, parts.size()).boxed().toList();
    // As texts: Kryo, which may move results, can't make records.
    List<String[]> folders =
        TaskFailures.unwrapped(
            () ->
                spark
                    .parallelize(places, places.size())
                    .flatMap(new Look(source, parts, configuration))
                    .collect());
    List<FolderPart> expanded = new ArrayList<>();
    for (int place = 0; place < parts.size(); place++) {
      FolderPart part = parts.get(place);
      String[] below = folders.get(place);
      expanded.add(below.length == 0 ? part : part.withoutFolders());
      for (String folder : below) {
        expanded.add(FolderPart.whole(part.folder() + "/" + folder, part.label()));
      }
    }
    return expanded;
  }

  /**
   * Every slice reads all names of the folder and asks for what a share of them is. That is how the
   * time goes on file systems of this machine, mounted ones above all; other stores tell both at
   * once.
   */
  private List<FolderPart> sliced(List<FolderPart> parts) {
    int slices = Math.min(MAX_SLICES, (wanted + parts.size() - 1) / parts.size());
    if (slices == 1
        || !(source.fileSystem(spark.hadoopConfiguration()) instanceof RawLocalFileSystem)) {
      return parts;
    }
    return parts.stream()
        .flatMap(part -> IntStream.range(0, slices).mapToObj(slice -> part.slice(slice, slices)))
        .toList();
  }

  /** Executor side: names of the folders in a part that may be cut further. */
  private record Look(
      FolderSource source, List<FolderPart> parts, SerializableConfiguration configuration)
      implements FlatMapFunction<Integer, String[]> {
    @Override
    public Iterator<String[]> call(Integer place) {
      FolderPart part = parts.get(place);
      try {
        String[] folders = part.deep() ? folders(part.folder()) : new String[0];
        return List.<String[]>of(folders).iterator();
      } catch (IOException e) {
        throw source.cantList(part.folder(), e);
      }
    }

    private String[] folders(String folder) throws IOException {
      List<String> found = new ArrayList<>();
      FileSystem fileSystem = source.fileSystem(configuration.value());
      if (FolderWalk.leadsBack(fileSystem, source.rootPath(), folder)) {
        return new String[0];
      }
      try (FolderEntries entries =
          FolderEntries.open(
              fileSystem, FolderSource.child(source.rootPath(), folder), name -> true)) {
        int seen = 0;
        FolderEntries.Entry entry;
        while ((entry = entries.next()) != null) {
          if (entry.kind() == FolderEntries.Kind.FOLDER && !HiddenFiles.isHidden(entry.name())) {
            found.add(entry.name());
          }
          if ((++seen == LOOKED_AT && found.isEmpty()) || found.size() > MAX_TASKS) {
            return new String[0];
          }
        }
      }
      return found.toArray(String[]::new);
    }
  }
}
