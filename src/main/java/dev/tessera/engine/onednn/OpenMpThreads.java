package dev.tessera.engine.onednn;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN's threads. OpenMP keeps their number for each thread that calls it, so that it is said
 * before every call, whatever thread of the JVM makes it; what the JVM's environment says is only
 * what a thread begins with. (OpenMP 5.2, section 2.2: {@code nthreads-var} and {@code dyn-var} are
 * internal control variables of data environments.)
 *
 * <p>oneDNN's presets have no function for it, so that JNA calls OpenMP's own. Where JNA can't be
 * loaded, for example where no file in {@code java.io.tmpdir} may be executed, the environment
 * decides, and {@link #warning} tells of a difference.
 */
final class OpenMpThreads {
  static final String VARIABLE = "OMP_NUM_THREADS";

  private final int threads;

  /**
   * For a replica of so many threads.
   *
   * @throws IllegalArgumentException if there are none
   */
  OpenMpThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "Cannot use " + threads + " native threads: it must be at least 1");
    }
    this.threads = threads;
  }

  int count() {
    return threads;
  }

  /** What oneDNN does for this thread of the JVM from here on is done by as many. */
  void use() {
    if (OpenMp.OBSTACLE.isEmpty()) {
      OpenMp.omp_set_num_threads(threads);
      // With fewer threads than it counts on, oneDNN waits for ever.
      OpenMp.omp_set_dynamic(0);
    }
  }

  /** How many threads oneDNN would use now for this thread of the JVM. */
  static int current() {
    return OpenMp.omp_get_max_threads();
  }

  /** For this JVM: loads OpenMP, with oneDNN. */
  static String warning(int threads) {
    return warning(threads, System.getenv(VARIABLE), OpenMp.OBSTACLE);
  }

  /**
   * What to say of the environment that a JVM was started in.
   *
   * @param set the variable there, null if there is none
   * @param obstacle why OpenMP can't be told the number, empty if it can
   * @return empty if a replica has the threads that it is to have
   */
  static String warning(int threads, @Nullable String set, String obstacle) {
    if (obstacle.isEmpty() || Integer.toString(threads).equals(set)) {
      return "";
    }
    return String.format(
        "OMP_NUM_THREADS is %s in the environment of the JVM, but a worker is to use %d native thread%s"
            + " (spark.task.cpus), and OpenMP can't be told so later: %s. With more threads workers"
            + " get into each other's way, and bits depend on their number. Give the JVM a"
            + " java.io.tmpdir whose files may be executed, or set"
            + " spark.executorEnv.OMP_NUM_THREADS=%d, and with a local master export"
            + " OMP_NUM_THREADS=%d before the JVM starts.",
        set == null ? "not set" : set,
        threads,
        threads == 1 ? "" : "s",
        obstacle,
        threads,
        threads);
  }

  /** Of the library that oneDNN has loaded. */
  private static final class OpenMp {
    /** Why it can't be called, a clause; empty if it can. */
    static final String OBSTACLE = load();

    private static String load() {
      // Looked up from oneDNN's own library on, so that it is the one that oneDNN calls.
      String library = Loader.load(dnnl.class);
      try {
        Native.register(OpenMp.class, NativeLibrary.getInstance(library));
        return "";
      } catch (LinkageError | IllegalArgumentException e) {
        return "JNA failed with " + e;
      }
    }

    static native void omp_set_num_threads(int threads);

    static native void omp_set_dynamic(int dynamic);

    static native int omp_get_max_threads();
  }
}
