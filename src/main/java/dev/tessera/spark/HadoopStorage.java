package dev.tessera.spark;

import dev.tessera.error.JobException;
import dev.tessera.run.LocalStorage;
import dev.tessera.run.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.EnumSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Any Hadoop file system; {@code file:} goes to the local one directly, which spares it Hadoop's
 * checksum files.
 */
public final class HadoopStorage implements Storage {
  private final FileContext files;

  private HadoopStorage(FileContext files) {
    this.files = files;
  }

  /** The storage that a path lies on, by its scheme or, without one, by {@code fs.defaultFS}. */
  public static Storage of(String path, Configuration configuration) {
    try {
      FileSystem system = new Path(path).getFileSystem(configuration);
      if ("file".equals(system.getUri().getScheme())) {
        return new LocalPaths(new LocalStorage());
      }
      return new HadoopStorage(FileContext.getFileContext(system.getUri(), configuration));
    } catch (IOException | RuntimeException e) {
      // Hadoop throws a plain RuntimeException where it knows the scheme but lacks the class (s3a).
      throw new JobException(
          "Cannot use the path "
              + path
              + ": "
              + e.getMessage()
              + ". Check its scheme and host; a scheme needs its Hadoop connector on Spark's class path (s3a: hadoop-aws).",
          e);
    }
  }

  @Override
  public OutputStream create(String path) throws IOException {
    return files.create(
        new Path(path),
        EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE),
        Options.CreateOpts.createParent());
  }

  @Override
  public OutputStream createNew(String path) throws IOException {
    return files.create(
        new Path(path), EnumSet.of(CreateFlag.CREATE), Options.CreateOpts.createParent());
  }

  @Override
  public InputStream open(String path) throws IOException {
    return files.open(new Path(path));
  }

  @Override
  public boolean exists(String path) throws IOException {
    return files.util().exists(new Path(path));
  }

  @Override
  public void replace(String from, String to) throws IOException {
    files.rename(new Path(from), new Path(to), Options.Rename.OVERWRITE);
  }

  @Override
  public void delete(String path) throws IOException {
    if (exists(path)) {
      files.delete(new Path(path), false);
    }
  }

  /** Local paths that may be written as {@code file:} URIs. */
  private record LocalPaths(LocalStorage local) implements Storage {
    @Override
    public OutputStream create(String path) throws IOException {
      return local.create(plain(path));
    }

    @Override
    public OutputStream createNew(String path) throws IOException {
      return local.createNew(plain(path));
    }

    @Override
    public InputStream open(String path) throws IOException {
      return local.open(plain(path));
    }

    @Override
    public boolean exists(String path) {
      return local.exists(plain(path));
    }

    @Override
    public void replace(String from, String to) throws IOException {
      local.replace(plain(from), plain(to));
    }

    @Override
    public void delete(String path) throws IOException {
      local.delete(plain(path));
    }

    private static String plain(String path) {
      return new Path(path).toUri().getPath();
    }
  }
}
