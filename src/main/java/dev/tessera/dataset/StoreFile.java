package dev.tessera.dataset;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A file as Parquet takes it. Not Parquet's own: on the local file system that leaves checksum
 * files, and elsewhere fits the rows to the store's blocks.
 */
record StoreFile(FileSystem fileSystem, Path path) implements InputFile, OutputFile {
  @Override
  public long getLength() throws IOException {
    return fileSystem.getFileStatus(path).getLen();
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    return HadoopStreams.wrap(fileSystem.open(path));
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) throws IOException {
    return new OrderedFooter(fileSystem.create(path, false));
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
    return new OrderedFooter(fileSystem.create(path, true));
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
