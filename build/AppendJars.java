import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Joins jars into one without decompressing what they hold: {@code AppendJars OUT FIRST ENDING
 * CLASSPATH REFUSED...} writes FIRST and after it those jars of CLASSPATH whose names end in
 * ENDING. Entries keep their order and bytes; of entries with one name the first stays; after
 * FIRST, entries that match one of the regular expressions REFUSED are left out. OUT is written
 * beside and renamed.
 *
 * <p>The build uses it for the natives: the shade plugin would inflate and deflate 400 MB of them,
 * two thirds of the time that the assembly takes.
 *
 * <p>Plain zip only: no zip64, no archive comments, which no jar here has.
 */
public final class AppendJars {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int CENTRAL_SIGNATURE = 0x02014b50;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int END_SIZE = 22;
  private static final int CENTRAL_SIZE = 46;
  private static final int LOCAL_SIZE = 30;
  private static final int DESCRIPTOR_FLAG = 1 << 3;
  private static final Pattern NOTHING = Pattern.compile("(?!)");

  private final FileChannel out;
  private final List<byte[]> directory = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private AppendJars(FileChannel out) {
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException {
    Path target = Path.of(arguments[0]);
    Pattern refused =
        Pattern.compile(
            Arrays.stream(arguments).skip(4).collect(Collectors.joining("|", "(?:", ")")));
    List<Path> appended =
        Arrays.stream(arguments[3].split(Pattern.quote(File.pathSeparator)))
            .filter(jar -> jar.endsWith(arguments[2]))
            .map(Path::of)
            .toList();
    if (appended.isEmpty()) {
      throw new IOException("No jar on the class path ends in " + arguments[2]);
    }
    Path beside = target.resolveSibling(target.getFileName() + ".part");
    try (FileChannel out =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      AppendJars append = new AppendJars(out);
      append.jar(Path.of(arguments[1]), NOTHING);
      for (Path jar : appended) {
        append.jar(jar, refused);
      }
      append.end();
    }
    Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private void jar(Path jar, Pattern refused) throws IOException {
    try (FileChannel in = FileChannel.open(jar, StandardOpenOption.READ)) {
      ByteBuffer end = read(in, in.size() - END_SIZE, END_SIZE);
      check(end.getInt(0) == END_SIGNATURE, jar, "does not end in a plain zip directory");
      int entries = end.getShort(10) & 0xffff;
      long start = end.getInt(16) & 0xffffffffL;
      check(entries < 0xffff && start < 0xffffffffL, jar, "is a zip64 file");
      ByteBuffer central = read(in, start, Math.toIntExact(in.size() - END_SIZE - start));
      for (int i = 0; i < entries; i++) {
        check(
            central.getInt(central.position()) == CENTRAL_SIGNATURE,
            jar,
            "has a damaged directory");
        entry(in, jar, next(central), refused);
      }
    }
  }

  /** The next record of a central directory, as its own buffer. */
  private static ByteBuffer next(ByteBuffer central) {
    int at = central.position();
    int size =
        CENTRAL_SIZE
            + (central.getShort(at + 28) & 0xffff)
            + (central.getShort(at + 30) & 0xffff)
            + (central.getShort(at + 32) & 0xffff);
    byte[] record = new byte[size];
    central.get(record);
    return ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void entry(FileChannel in, Path jar, ByteBuffer record, Pattern refused)
      throws IOException {
    String name =
        new String(
            record.array(), CENTRAL_SIZE, record.getShort(28) & 0xffff, StandardCharsets.UTF_8);
    if (refused.matcher(name).find() || !names.add(name)) {
      return;
    }
    long offset = record.getInt(42) & 0xffffffffL;
    long compressed = record.getInt(20) & 0xffffffffL;
    check(offset != 0xffffffffL && compressed != 0xffffffffL, jar, "has a zip64 entry: " + name);
    ByteBuffer local = read(in, offset, LOCAL_SIZE);
    check(local.getInt(0) == LOCAL_SIGNATURE, jar, "has a damaged entry: " + name);
    long size =
        LOCAL_SIZE
            + (local.getShort(26) & 0xffff)
            + (local.getShort(28) & 0xffff)
            + compressed
            + ((local.getShort(6) & DESCRIPTOR_FLAG) == 0
                ? 0
                : descriptorSize(in, local, offset, compressed));
    check(out.position() < 0xffffffffL, jar, "makes the result too large for a plain zip");
    record.putInt(42, (int) out.position());
    directory.add(record.array());
    for (long copied = 0; copied < size; ) {
      copied += in.transferTo(offset + copied, size - copied, out);
    }
  }

  /** A data descriptor follows the data, 12 bytes, or 16 with its optional signature. */
  private static int descriptorSize(FileChannel in, ByteBuffer local, long offset, long compressed)
      throws IOException {
    long at =
        offset
            + LOCAL_SIZE
            + (local.getShort(26) & 0xffff)
            + (local.getShort(28) & 0xffff)
            + compressed;
    return read(in, at, 4).getInt(0) == 0x08074b50 ? 16 : 12;
  }

  private void end() throws IOException {
    long start = out.position();
    for (byte[] record : directory) {
      write(ByteBuffer.wrap(record));
    }
    int size = Math.toIntExact(out.position() - start);
    if (directory.size() >= 0xffff || out.position() >= 0xffffffffL) {
      throw new IOException("Too many entries or bytes for a plain zip: " + directory.size());
    }
    ByteBuffer end = ByteBuffer.allocate(END_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    end.putInt(0, END_SIGNATURE);
    end.putShort(8, (short) directory.size());
    end.putShort(10, (short) directory.size());
    end.putInt(12, size);
    end.putInt(16, (int) start);
    write(end);
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static ByteBuffer read(FileChannel in, long position, int size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (in.read(bytes, position + bytes.position()) < 0) {
        throw new IOException("Unexpected end of file at " + (position + bytes.position()));
      }
    }
    return bytes.flip();
  }

  private static void check(boolean condition, Path jar, String problem) {
    if (!condition) {
      throw new UncheckedIOException(new IOException(jar + " " + problem));
    }
  }
}
