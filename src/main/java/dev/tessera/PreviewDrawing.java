package dev.tessera;

import dev.tessera.dataset.ImageSample;
import dev.tessera.error.DataException;
import dev.tessera.error.Printable;
import dev.tessera.image.PixelBlock;
import dev.tessera.job.Job;
import dev.tessera.preview.ContactSheet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Draws a few images of a job's training set into a file. */
final class PreviewDrawing {
  private PreviewDrawing() {}

  static PreviewSheet draw(SparkSession session, Job job, String file, int count) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    OutputFile target = OutputFile.of(file, spark.hadoopConfiguration(), "draw", "sheet.png");
    ImageSample sample = ImageSample.of(spark, job.dataset(), job.image(), job.run().seed(), count);
    List<String> leftOut = sample.bad().stream().map(Object::toString).toList();
    if (sample.images().size() == 0) {
      throw new DataException(
          "There is nothing to draw: none of the "
              + leftOut.size()
              + " images that were tried can be decoded. The first is "
              + leftOut.get(0)
              + ".");
    }
    ContactSheet sheet =
        new ContactSheet(
            title(job), sample.classNames(), sample.images(), job.augment(), job.run().seed());
    ContactSheet.Drawn drawn = sheet.draw();
    target.folder().write(target.name(), out -> out.write(drawn.png()));
    List<String> names = names(sample);
    return new PreviewSheet(
        file,
        names.size(),
        (int) names.stream().distinct().count(),
        sheet.draws(),
        drawn.hasText() ? List.of() : names,
        leftOut);
  }

  private static String title(Job job) {
    return String.format(
        Locale.ROOT, "%s: %s (height x width x channels)", job.run().name(), job.image().shape());
  }

  private static List<String> names(ImageSample sample) {
    PixelBlock images = sample.images();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      names.add(Printable.of(sample.classNames().get(images.label(i))));
    }
    return names;
  }
}
