package dev.tessera.dataset;

import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.GroupWriter;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/**
 * Rows of Parquet files, by Parquet's own classes, which every Spark brings. Not by Spark's writer:
 * its files have random names, and how many there are depends on the cluster.
 */
final class ParquetRows {
  /** Of a row's size, not a multiple of it: large pictures would make pages of a hundred each. */
  private static final int ROWS_BEFORE_CHECK = 4;

  private ParquetRows() {}

  /**
   * A writer whose bytes depend on the rows and the version of Parquet alone.
   *
   * @param notes what the file says of itself, asked for when it is closed
   */
  static ParquetWriter<Group> write(
      OutputFile file, MessageType schema, Supplier<Map<String, String>> notes) throws IOException {
    return new Writing(file, schema, notes)
        // Spark's settings shall change nothing.
        .withConf(new Configuration(false))
        // Numbers of attempts begin again with every program: another may have left its own.
        .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
        .withCompressionCodec(CompressionCodecName.SNAPPY)
        .withMinRowCountForPageSizeCheck(ROWS_BEFORE_CHECK)
        .withDictionaryEncoding(false)
        .withDictionaryEncoding(PackedColumns.CLASS_NAME, true)
        .build();
  }

  /**
   * A reader of some columns.
   *
   * @param columns a part of the file's schema; nothing else is read
   */
  static ParquetReader<Group> read(InputFile file, MessageType columns) throws IOException {
    return new Reading(file, columns).withConf(new Configuration(false)).build();
  }

  private static final class Writing extends ParquetWriter.Builder<Group, Writing> {
    private final WriteSupport<Group> support;

    Writing(OutputFile file, MessageType schema, Supplier<Map<String, String>> notes) {
      super(file);
      support = new Rows(schema, notes);
    }

    @Override
    protected Writing self() {
      return this;
    }

    @Override
    protected WriteSupport<Group> getWriteSupport(Configuration configuration) {
      return support;
    }
  }

  private static final class Rows extends WriteSupport<Group> {
    private final MessageType schema;
    private final Supplier<Map<String, String>> notes;
    private GroupWriter writer;

    @SuppressWarnings("NullAway") // Parquet calls prepareForWrite before anything is written.
    Rows(MessageType schema, Supplier<Map<String, String>> notes) {
      this.schema = schema;
      this.notes = notes;
    }

    @Override
    public WriteContext init(Configuration configuration) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      writer = new GroupWriter(consumer, schema);
    }

    @Override
    public void write(Group row) {
      writer.write(row);
    }

    @Override
    public FinalizedWriteContext finalizeWrite() {
      return new FinalizedWriteContext(notes.get());
    }
  }

  private static final class Reading extends ParquetReader.Builder<Group> {
    private final ReadSupport<Group> support;

    Reading(InputFile file, MessageType columns) {
      super(file);
      support = new Columns(columns);
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return support;
    }
  }

  private static final class Columns extends ReadSupport<Group> {
    private final MessageType columns;

    Columns(MessageType columns) {
      this.columns = columns;
    }

    @Override
    public ReadContext init(InitContext context) {
      return new ReadContext(columns);
    }

    @Override
    public RecordMaterializer<Group> prepareForRead(
        Configuration configuration,
        Map<String, String> notes,
        MessageType schema,
        ReadContext context) {
      return new GroupRecordConverter(context.getRequestedSchema());
    }
  }
}
