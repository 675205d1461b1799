package dev.tessera.cli;

import java.util.Arrays;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.nd4j.linalg.factory.Nd4j;

final class Scratch {
  private Scratch() {}

  static void run(List<String> arguments, List<String> set, int code, int wait) {
    SparkSession spark = SparkSession.builder().appName("tessera").getOrCreate();
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    List<String> hosts =
        context
            .parallelize(Arrays.asList(1, 2, 3, 4), 4)
            .map(
                i -> {
                  try (Mat m = new Mat(8, 8, opencv_core.CV_8UC3);
                      BytePointer p = new BytePointer()) {
                    opencv_imgcodecs.imencode(".png", m, p);
                    return "task "
                        + i
                        + " nd4j "
                        + Nd4j.ones(3, 3).mmul(Nd4j.ones(3, 3)).sumNumber()
                        + " png "
                        + p.limit()
                        + " omp "
                        + System.getenv("OMP_NUM_THREADS")
                        + " executor "
                        + org.apache.spark.SparkEnv.get().executorId()
                        + " cache "
                        + org.bytedeco.javacpp.Loader.getCacheDir()
                        + " maxphys "
                        + org.bytedeco.javacpp.Pointer.maxPhysicalBytes()
                        + " host "
                        + java.net.InetAddress.getLocalHost().getHostName();
                  }
                })
            .collect();
    hosts.forEach(System.out::println);
    System.out.println(
        "spark "
            + spark.version()
            + " master "
            + context.master()
            + " user home maxmem "
            + Runtime.getRuntime().maxMemory() / (1 << 20));
    System.out.println("arguments " + arguments + " set " + set);
    System.out.println("conf " + Arrays.toString(context.getConf().getAll()));
    try (ProgressBar bar =
        new ProgressBarBuilder().setInitialMax(10).setTaskName("steps").build()) {
      for (int i = 0; i < 10; i++) {
        bar.step();
      }
    }
    org.slf4j.LoggerFactory.getLogger("dev.tessera.X").info("an info line");
    try {
      Thread.sleep(wait * 1000L);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    spark.stop();
    System.exit(code);
  }
}
