package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What goes to a cluster: nothing that Spark brings itself, and everything else. */
class AssemblyIT {
  private static final String ASSEMBLY = System.getProperty("tessera.assembly");

  @Test
  void leavesOutWhatSparkBrings() throws IOException {
    assertThat(entries())
        .noneMatch(
            name ->
                name.startsWith("scala/")
                    || name.startsWith("org/slf4j/")
                    || name.startsWith("org/apache/hadoop/")
                    || name.startsWith("org/apache/commons/")
                    || name.startsWith("com/fasterxml/")
                    || name.startsWith("com/esotericsoftware/"))
        // dl4j-spark has one class there, to reach a package-private method
        .noneMatch(name -> name.matches("org/apache/spark/(?!TaskContextHelper|$).*\\.class"));
  }

  @Test
  void relocatesWhatClustersHaveInOtherVersions() throws IOException {
    assertThat(entries())
        .noneMatch(
            name ->
                name.startsWith("com/typesafe/")
                    || name.startsWith("com/google/gson/")
                    || name.startsWith("com/google/flatbuffers/")
                    || name.startsWith("it/unimi/")
                    || name.startsWith("org/joda/")
                    || name.startsWith("picocli/"));
  }

  @Test
  void holdsNativesAndLicences() throws IOException {
    assertThat(entries())
        .anyMatch(name -> name.matches("org/nd4j/linalg/cpu/.*/\\w*nd4jcpu\\.(so|dylib|dll)"))
        .anyMatch(name -> name.matches("org/bytedeco/opencv/.*opencv_imgcodecs\\..*"))
        .anyMatch(name -> name.matches("org/bytedeco/openblas/.*openblas.*"))
        .contains("com/sun/jna/linux-x86-64/libjnidispatch.so")
        .contains("META-INF/LICENSE", "META-INF/NOTICE")
        .noneMatch(name -> name.matches("META-INF/.*\\.(SF|DSA|RSA)"));
  }

  /** ND4J has others of TensorFlow's classes. */
  @Test
  void leavesOutWhatOnlyTestsRead() throws IOException {
    assertThat(entries())
        .noneMatch(
            name ->
                name.startsWith("org/tensorflow/proto/")
                    || name.startsWith("org/tensorflow/hadoop/")
                    || name.startsWith("com/google/protobuf/"));
  }

  @Test
  void startsTheCommandLine() throws IOException {
    try (JarFile jar = new JarFile(ASSEMBLY)) {
      assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo("dev.tessera.cli.Main");
      assertThat(jar.getEntry("dev/tessera/cli/Main.class")).isNotNull();
    }
  }

  private static List<String> entries() throws IOException {
    try (JarFile jar = new JarFile(ASSEMBLY)) {
      return jar.stream().map(ZipEntry::getName).toList();
    }
  }
}
