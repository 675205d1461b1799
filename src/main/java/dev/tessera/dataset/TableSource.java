package dev.tessera.dataset;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.SparkSession;

/**
 * A table or view of Spark SQL, and so any DataFrame. Origins are the column that the job names,
 * else a hash of the image and its label: rows with equal ones are equal in both.
 */
record TableSource(String key, String table, Location.Columns columns, ClassNames names)
    implements StreamedSource {

  TableSource(String key, Location.Table location) {
    this(key, location.table(), location.columns(), location.names());
  }

  @Override
  public String where() {
    return key + " = " + table;
  }

  @Override
  public String where(String className) {
    return "the label column";
  }

  @Override
  public String passedOver() {
    return "rows without a label";
  }

  @Override
  public List<String> classNames(JavaSparkContext spark) {
    List<String> given = names.read(spark.hadoopConfiguration());
    return given.isEmpty()
        ? Labels.namesIn(where(), rows().labels())
        : Labels.requireClear(where(), given);
  }

  @Override
  public JavaRDD<ExampleRef> list(JavaSparkContext spark, List<String> classNames) {
    ImageTable rows = rows();
    JavaRDD<ExampleRef> refs = Labels.refs(where(), rows.refs(new AsItIs()), classNames);
    return rows.isByContent()
        ? refs
        : Labels.unique(
            where(),
            refs,
            "Name another column in dataset.columns.origin, one that no two rows have equal.");
  }

  @Override
  public JavaRDD<EncodedExample> read(JavaSparkContext spark) {
    return rows().examples(new AsItIs());
  }

  private ImageTable rows() {
    SparkSession session = SparkSession.builder().getOrCreate();
    return ImageTable.analysed(
        where(),
        " Give a table that this Spark session knows, or make a view of a DataFrame with"
            + " createOrReplaceTempView.",
        () -> new ImageTable(where(), session.table(table), columns, null));
  }

  private record AsItIs() implements Function<String, String> {
    @Override
    public String call(String origin) {
      return origin;
    }
  }
}
