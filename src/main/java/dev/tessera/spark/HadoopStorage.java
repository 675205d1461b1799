package dev.tessera.spark;

import dev.tessera.error.JobException;
import dev.tessera.run.LocalStorage;
import dev.tessera.run.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.util.ReflectionUtils;

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
      return new HadoopStorage(context(system.getUri(), configuration));
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

  /**
   * Hadoop has two interfaces to file systems. The newer one can put a file in the place of
   * another, but connectors that few use have the older one alone.
   */
  private static FileContext context(URI uri, Configuration configuration) throws IOException {
    try {
      return FileContext.getFileContext(uri, configuration);
    } catch (UnsupportedFileSystemException e) {
      return FileContext.getFileContext(OlderInterface.of(uri, configuration), configuration);
    }
  }

  /** The newer interface over the older: an old file is deleted before the new one is renamed. */
  private static final class OlderInterface extends DelegateToFileSystem {
    private OlderInterface(URI uri, FileSystem system, Configuration configuration)
        throws IOException, URISyntaxException {
      super(uri, system, configuration, uri.getScheme(), false);
    }

    static OlderInterface of(URI uri, Configuration configuration) throws IOException {
      FileSystem system =
          ReflectionUtils.newInstance(
              FileSystem.getFileSystemClass(uri.getScheme(), configuration), configuration);
      try {
        return new OlderInterface(uri, system, configuration);
      } catch (URISyntaxException e) {
        throw new IOException(e.getMessage(), e);
      }
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

  @Override
  public List<String> list(String folder) throws IOException {
    List<String> names = new ArrayList<>();
    try {
      RemoteIterator<FileStatus> entries = files.listStatus(new Path(folder));
      while (entries.hasNext()) {
        names.add(entries.next().getPath().getName());
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    return List.copyOf(names);
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

    @Override
    public List<String> list(String folder) throws IOException {
      return local.list(plain(folder));
    }

    private static String plain(String path) {
      return new Path(path).toUri().getPath();
    }
  }
}
