package dev.tessera;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameContaining;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which package may know which: the walls that one module does not have by itself. */
class ArchitectureTest {
  private static final String BASE = "dev.tessera";

  /** What every package may import: the language, annotations, the log. */
  private static final List<String> EVERYWHERE = List.of("java..", "org.jspecify..", "org.slf4j..");

  private static final String BYTEDECO = "org.bytedeco..";
  private static final String JNA = "com.sun.jna..";
  private static final String JACKSON = "com.fasterxml.jackson..";
  private static final String SPARK = "org.apache.spark..";
  private static final String HADOOP = "org.apache.hadoop..";
  private static final String PARQUET = "org.apache.parquet..";
  private static final List<String> DL4J =
      List.of("org.deeplearning4j..", "org.nd4j..", "org.datavec..");

  /**
   * One line of the table of packages.
   *
   * @param name below the base package; empty for the base itself
   * @param ours packages of ours that it may import
   * @param theirs libraries that it may import besides {@link #EVERYWHERE}
   */
  private record Line(String name, List<String> ours, List<String> theirs) {
    String pattern() {
      return name.isEmpty() ? BASE : BASE + "." + name;
    }

    @Override
    public String toString() {
      return pattern();
    }
  }

  private static Line line(String name, List<String> ours, String... theirs) {
    return new Line(name, ours, List.of(theirs));
  }

  private static final List<String> LEAVES = List.of("random", "error");
  private static final List<String> ENGINE = List.of("engine", "network", "image", "stats");
  private static final List<String> ROUND =
      List.of("round", "network", "stats", "image", "image.augment", "engine", "run");
  private static final List<String> ALL_BUT_ENGINES =
      List.of(
          "round",
          "network",
          "stats",
          "image",
          "image.augment",
          "engine",
          "run",
          "dataset",
          "spark",
          "report",
          "job");
  private static final List<String> ALL =
      Stream.concat(
              ALL_BUT_ENGINES.stream(),
              Stream.of("", "preview", "engine.onednn", "engine.nd4j", "baseline", "cli"))
          .toList();

  static final List<Line> TABLE =
      List.of(
          line("random", List.of()),
          line("error", List.of()),
          line("tfrecord", List.of()),
          line("network", List.of()),
          line("stats", List.of("network")),
          line("image", List.of("network"), BYTEDECO),
          line("image.augment", List.of("image", "network")),
          line("preview", List.of("image", "image.augment", "network"), "javax.imageio.."),
          line("engine", List.of("network", "image", "stats")),
          line("engine.onednn", ENGINE, BYTEDECO, JNA),
          line("engine.nd4j", ENGINE, DL4J.get(0), DL4J.get(1), DL4J.get(2), BYTEDECO),
          line("run", List.of("network", "stats", "tfrecord"), JACKSON),
          line("round", ROUND, JACKSON),
          line(
              "dataset",
              List.of("image", "network", "stats", "tfrecord"),
              SPARK,
              HADOOP,
              JACKSON,
              PARQUET,
              "com.esotericsoftware.kryo..",
              "org.apache.commons.compress.."),
          line(
              "spark",
              Stream.concat(ROUND.stream(), Stream.of("dataset")).toList(),
              SPARK,
              HADOOP,
              "com.sun.management.."),
          line("report", List.of("stats", "run"), JACKSON),
          line("job", ALL_BUT_ENGINES.subList(0, 8), "com.typesafe.config.."),
          line(
              "baseline",
              Stream.concat(ALL_BUT_ENGINES.stream(), Stream.of("engine.nd4j"))
                  .filter(name -> !name.equals("job"))
                  .toList(),
              DL4J.get(0),
              DL4J.get(1),
              DL4J.get(2),
              SPARK,
              HADOOP),
          line(
              "",
              ALL.stream().filter(name -> !name.equals("cli")).toList(),
              SPARK,
              HADOOP,
              JACKSON),
          line(
              "cli",
              ALL,
              "picocli..",
              "me.tongfei.progressbar..",
              "org.jline..",
              "org.apache.logging.log4j..",
              SPARK,
              HADOOP));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(BASE);

  private static final DescribedPredicate<JavaClass> OURS = resideInAPackage(BASE + "..");

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }

  @ParameterizedTest
  @FieldSource("TABLE")
  void packageImportsOnlyWhatItsLineAllows(Line line) {
    String[] allowed =
        Stream.of(Stream.of(line.name()), line.ours().stream(), LEAVES.stream())
            .flatMap(names -> names)
            .map(name -> name.isEmpty() ? BASE : BASE + "." + name)
            .distinct()
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage(line.pattern())
            .should()
            .dependOnClassesThat(OURS.and(not(resideInAnyPackage(allowed))))
            .as(line.pattern() + " should import of ours only " + List.of(allowed)));
  }

  @ParameterizedTest
  @FieldSource("TABLE")
  void packageUsesOnlyItsLibraries(Line line) {
    String[] allowed =
        Stream.concat(EVERYWHERE.stream(), line.theirs().stream()).toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage(line.pattern())
            .should()
            .dependOnClassesThat(
                not(OURS).and(not(resideInAnyPackage(allowed))).and(not(primitive())))
            .as(line.pattern() + " should use only the libraries " + List.of(allowed)));
  }

  private static DescribedPredicate<JavaClass> primitive() {
    return DescribedPredicate.describe(
        "primitive", type -> type.getBaseComponentType().isPrimitive());
  }

  @Test
  void everyPackageHasALine() {
    Set<String> packages =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(TABLE.stream().map(Line::pattern)).containsAll(packages);
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching(BASE + ".(**)").should().beFreeOfCycles());
  }

  /** One jar serves Spark of Scala 2.12 and 2.13 because it names no Scala type. */
  @Test
  void nothingKnowsScala() {
    check(noClasses().should().dependOnClassesThat().resideInAPackage("scala.."));
  }

  /** We start no processes: what runs beside the JVM belongs to the launcher's scripts. */
  @Test
  void nothingStartsProcesses() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Process.class, ProcessBuilder.class));
  }

  @Test
  void onlyJobBaseAndCommandLineKnowTheJob() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(BASE, BASE + ".job", BASE + ".cli")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(BASE + ".job"));
  }

  @Test
  void onlyTheCommandLineEndsTheProgram() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(BASE + ".cli")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class));
  }

  @Test
  void onlyTheDecoderKnowsOpenCv() {
    check(
        noClasses()
            .that(not(resideInAPackage(BASE + ".image").and(isOfTheDecoder())))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco.opencv.."));
  }

  private static DescribedPredicate<JavaClass> isOfTheDecoder() {
    return DescribedPredicate.or(
        simpleNameContaining("Decoder"),
        simpleNameContaining("Encoder"),
        simpleNameContaining("Picture"));
  }

  @Test
  void onlyTheReferenceEngineAndTheBaselineKnowDl4j() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(BASE + ".engine.nd4j", BASE + ".baseline")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DL4J.toArray(String[]::new)));
  }

  /** A library and the packages of ours that alone may know it. */
  static Stream<Arguments> owners() {
    return Stream.of(
        owned(SPARK, "spark", "dataset", "baseline", "cli", ""),
        owned(HADOOP, "spark", "dataset", "baseline", "cli", ""),
        owned("picocli..", "cli"),
        owned("me.tongfei..", "cli"),
        owned("com.typesafe..", "job"),
        owned(JACKSON, "run", "round", "dataset", "report", ""),
        owned(PARQUET, "dataset"),
        owned("org.apache.commons.compress..", "dataset"),
        owned("org.bytedeco.dnnl..", "engine.onednn"),
        owned(JNA, "engine.onednn"));
  }

  private static Arguments owned(String library, String... owners) {
    return Arguments.of(library, List.of(owners));
  }

  @ParameterizedTest
  @MethodSource("owners")
  void onlyItsOwnersKnowALibrary(String library, List<String> owners) {
    String[] packages =
        owners.stream()
            .map(name -> name.isEmpty() ? BASE : BASE + "." + name)
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(packages)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library));
  }

  @Test
  void theClassesAreThere() {
    assertThat(CLASSES).hasSizeGreaterThan(50);
  }
}
