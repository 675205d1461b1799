package dev.tessera.dataset;

import dev.tessera.error.JobException;
import dev.tessera.error.Printable;
import dev.tessera.error.StorageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One folder a class below a root, images below it at any depth. Origins are paths relative to the
 * root. Every file that is not hidden counts as an image.
 */
record FolderSource(String key, String root) implements ReadableSource {
  private static final Logger log = LoggerFactory.getLogger(FolderSource.class);

  @Override
  public String where() {
    return key + " = " + root;
  }

  @Override
  public String where(String className) {
    return "folder " + Printable.of(child(rootPath(), className).toString());
  }

  /** Names of the folders, sorted by code unit. Lists the root on the driver, nothing below it. */
  @Override
  public List<String> classNames(JavaSparkContext spark) {
    List<String> names = new ArrayList<>();
    int files = 0;
    for (FileStatus status : listRoot(spark.hadoopConfiguration())) {
      String name = status.getPath().getName();
      if (status.isDirectory() && !HiddenFiles.isHidden(name)) {
        names.add(name);
      } else if (!status.isDirectory() && !HiddenFiles.isHidden(name)) {
        files++;
      }
    }
    if (names.isEmpty()) {
      throw new JobException(
          where()
              + ": no class folders, and "
              + files
              + " files. Put the images of every class into a folder of its own, named like the"
              + " class.");
    }
    if (files > 0) {
      log.warn(
          "{}: {} files beside the class folders belong to no class and are left out",
          where(),
          files);
    }
    names.sort(null);
    return names;
  }

  /** Enough tasks for every slot, whether there are many classes or few with many folders. */
  @Override
  public JavaRDD<ExampleRef> list(JavaSparkContext spark, List<String> classNames) {
    List<FolderPart> parts = new FolderParts(spark, this).of(classNames);
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.hadoopConfiguration());
    return spark
        .parallelize(
            IntStream.range(0, parts.size()).boxed().toList(),
            Math.min(parts.size(), FolderParts.MAX_TASKS))
        .flatMap(new ListPart(this, parts, configuration));
  }

  @Override
  public ExampleReader open(List<ExampleRef> refs, SerializableConfiguration configuration) {
    Path path = rootPath();
    return new FileReader(where(), origin -> child(path, origin), refs, configuration.value());
  }

  /** A path below a root, whatever characters the name has: {@code Path} itself parses a colon. */
  static Path child(Path root, String relative) {
    String parent = root.toUri().getPath();
    return new Path(
        root.toUri().getScheme(),
        root.toUri().getAuthority(),
        parent.endsWith("/") ? parent + relative : parent + "/" + relative);
  }

  Path rootPath() {
    return Stores.path(where(), root);
  }

  private FileStatus[] listRoot(Configuration configuration) {
    Path path = rootPath();
    try {
      FileSystem fileSystem = Stores.fileSystem(where(), path, configuration);
      if (!fileSystem.getFileStatus(path).isDirectory()) {
        throw new JobException(
            where() + ": this is a file. Name the folder that holds one folder a class.");
      }
      return fileSystem.listStatus(path);
    } catch (FileNotFoundException e) {
      throw new JobException(where() + ": there is no such folder. Check the path.", e);
    } catch (IOException e) {
      throw new StorageException(where() + ": can't be listed: " + e.getMessage(), e);
    }
  }

  /** The root's file system, for a walk or a look at a part. */
  FileSystem fileSystem(Configuration configuration) {
    try {
      return Stores.fileSystem(where(), rootPath(), configuration);
    } catch (IOException e) {
      throw cantList("", e);
    }
  }

  StorageException cantList(String folder, IOException e) {
    return new StorageException(
        where()
            + ": "
            + Printable.of(child(rootPath(), folder).toString())
            + " can't be listed: "
            + e.getMessage(),
        e);
  }

  /** Executor side: the files of one part. The parts go with it: Kryo can't make records. */
  private record ListPart(
      FolderSource source, List<FolderPart> parts, SerializableConfiguration configuration)
      implements FlatMapFunction<Integer, ExampleRef> {
    @Override
    public Iterator<ExampleRef> call(Integer place) {
      FolderPart part = parts.get(place);
      FolderWalk walk =
          new FolderWalk(source, source.fileSystem(configuration.value()), source.rootPath(), part);
      TaskEnd.close(walk::close);
      return walk;
    }
  }
}
