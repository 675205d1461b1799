package dev.tessera.soak;

import dev.tessera.soak.Moment.Operation;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local file system as {@code soak:}, which tells the killer what has been done. As with
 * connectors of older stores, a file is put in the place of another in two steps.
 */
public final class KillingFileSystem extends RawLocalFileSystem {
  static final String SCHEME = "soak";

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    FSDataInputStream in = super.open(path, bufferSize);
    done(Operation.OPENED, path);
    return in;
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return watched(
        super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress),
        path);
  }

  @Override
  public FSDataOutputStream createNonRecursive(
      Path path,
      FsPermission permission,
      java.util.EnumSet<org.apache.hadoop.fs.CreateFlag> flags,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return watched(
        super.createNonRecursive(
            path, permission, flags, bufferSize, replication, blockSize, progress),
        path);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    boolean renamed = super.rename(from, to);
    done(Operation.RENAMED, to);
    return renamed;
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    boolean deleted = super.delete(path, recursive);
    if (deleted) {
      done(Operation.DELETED, path);
    }
    return deleted;
  }

  private static void done(Operation operation, Path path) {
    Killer.current().at(operation, path.toUri().getPath());
  }

  private static FSDataOutputStream watched(OutputStream out, Path path) throws IOException {
    done(Operation.CREATED, path);
    return new FSDataOutputStream(new Watched(out, path), null);
  }

  private static final class Watched extends FilterOutputStream {
    private final Path path;

    Watched(OutputStream out, Path path) {
      super(out);
      this.path = path;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length / 2);
      out.flush();
      done(Operation.WRITTEN, path);
      out.write(bytes, offset + length / 2, length - length / 2);
    }

    @Override
    public void close() throws IOException {
      super.close();
      done(Operation.CLOSED, path);
    }
  }
}
