package dev.tessera.dataset;

import dev.tessera.error.JobException;
import dev.tessera.error.Printable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** A tar file, plain or gzip, member by member. Stays on its thread. */
final class TarFile implements AutoCloseable {
  /** Of a larger member the start is read: enough for the decoder to say what is wrong with it. */
  private static final int MAX_MEMBER_BYTES = 1 << 30;

  private static final int START_BYTES = 1 << 20;

  private static final Set<String> IMAGES =
      Set.of("jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "gif", "tif", "tiff");

  private final DataFile file;
  private final DataFileInput in;
  private final TarArchiveInputStream tar;
  private long members;

  TarFile(DataFile file, Configuration configuration) {
    this.file = file;
    in = file.open(configuration);
    tar = new WholeTar(in.stream());
  }

  /** Notices the lack of the empty record at the end, which the library forgives. */
  private static final class WholeTar extends TarArchiveInputStream {
    private boolean ended;

    WholeTar(InputStream in) {
      super(in, "UTF-8");
    }

    /** A header, or what stands where one may. */
    @Override
    protected byte @Nullable [] readRecord() throws IOException {
      byte[] record = super.readRecord();
      if (record == null && !ended) {
        throw new EOFException("there is no end mark");
      }
      ended |= record != null && Arrays.equals(record, new byte[record.length]);
      return record;
    }
  }

  /**
   * A file in the tar.
   *
   * @param path as the tar has it, without a leading {@code ./}
   * @param key the path up to the first dot of its last component: equal for the members of one
   *     example
   * @param extension what follows that dot, in small letters
   */
  record Member(String path, String key, String extension) {
    static Member of(String path) {
      int name = path.lastIndexOf('/') + 1;
      int dot = path.indexOf('.', name);
      int end = dot < 0 ? path.length() : dot;
      return new Member(
          path,
          path.substring(0, end),
          dot < 0 ? "" : path.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    boolean isImage() {
      return IMAGES.contains(extension);
    }

    boolean isHidden() {
      for (String component : path.split("/", -1)) {
        if (HiddenFiles.isHidden(component)) {
          return true;
        }
      }
      return false;
    }
  }

  /** The next file; folders and links are passed over. Null at the end. */
  @Nullable Member next() {
    // By its super type: what the method returns differs between versions of the library.
    ArchiveInputStream entries = tar;
    try {
      TarArchiveEntry entry;
      while ((entry = (TarArchiveEntry) entries.getNextEntry()) != null) {
        members++;
        if (entry.isFile() && !entry.isLink() && !entry.isSymbolicLink()) {
          String path = entry.getName();
          return Member.of(path.startsWith("./") ? path.substring(2) : path);
        }
      }
      requireTar();
      return null;
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(e);
    }
  }

  /** The bytes of the member that was returned last. */
  byte[] bytes() {
    long size = tar.getCurrentEntry().getSize();
    int wanted = size > MAX_MEMBER_BYTES ? START_BYTES : (int) size;
    try {
      byte[] bytes = tar.readNBytes(wanted);
      if (bytes.length < wanted) {
        throw new EOFException("Truncated TAR archive");
      }
      return bytes;
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** What an example of this file is known by. */
  String origin(Member member) {
    return file.name() + "/" + member.path();
  }

  /** A failure of the content of a member. */
  JobException wrong(Member member, String what) {
    return new JobException(file.where() + ": " + Printable.of(member.path()) + " " + what);
  }

  @Override
  public void close() {
    in.close();
  }

  private void requireTar() {
    if (members == 0) {
      throw new JobException(
          file.where() + ": no tar file, or one without members. Check the path.");
    }
  }

  private RuntimeException damaged(Exception e) {
    return new JobException(
        String.format(
            "%s: the tar file is damaged or truncated in member %d, after byte %d%s: %s. Copy or"
                + " download it again.",
            file.where(),
            members,
            tar.getBytesRead(),
            in.isPacked() ? " of what was unpacked" : "",
            String.valueOf(e.getMessage()).replaceFirst("\\.$", "")),
        e);
  }
}
