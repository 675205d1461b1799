package dev.tessera.dataset;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * One set of images in one format: names its classes, lists its examples without their bytes, and
 * reads them on executors.
 *
 * <p>Wrong input is a {@link dev.tessera.error.JobException} from every method, a store that can't
 * be read a {@link dev.tessera.error.StorageException}; both may come out of a Spark action over
 * what is returned here ({@link TaskFailures}).
 */
sealed interface Source extends Serializable permits ReadableSource, StreamedSource {

  static Source of(String key, Location location) {
    return location.accept(
        new Location.Visitor<Source>() {
          @Override
          public Source folder(Location.Folder folder) {
            return new FolderSource(key, folder.path());
          }

          @Override
          public Source idx(Location.Idx idx) {
            return new IdxSource(key, idx);
          }

          @Override
          public Source cifar(Location.Cifar cifar) {
            return new CifarSource(key, cifar);
          }

          @Override
          public Source manifest(Location.Manifest manifest) {
            return new ManifestSource(key, manifest);
          }

          @Override
          public Source parquet(Location.Parquet parquet) {
            return new ParquetSource(key, parquet);
          }

          @Override
          public Source table(Location.Table table) {
            return new TableSource(key, table);
          }

          @Override
          public Source tar(Location.Tar tar) {
            return new TarSource(key, tar);
          }

          @Override
          public Source tfrecord(Location.TfRecord tfrecord) {
            return new TfRecordSource(key, tfrecord);
          }
        });
  }

  /** The setting and the value that a message about this set starts with. */
  String where();

  /** Names of labels 0, 1, ... as this set has them, at least one. */
  List<String> classNames(JavaSparkContext spark);

  /** Where the images of a class lie, for messages. */
  String where(String className);

  /** What of {@link #list} is hidden, for the log: a noun in the plural. */
  default String passedOver() {
    return "hidden files and folders, links to nothing and links back";
  }

  /**
   * Every example, in any order, in any number of partitions, labelled by its place in {@code
   * classNames}; files to be passed over are {@link ExampleRef#isHidden() hidden}.
   *
   * @param classNames what {@link #classNames} returned
   */
  JavaRDD<ExampleRef> list(JavaSparkContext spark, List<String> classNames);
}
