package dev.tessera.job;

import static dev.tessera.job.JobTexts.SMALLEST;
import static dev.tessera.job.JobTexts.parse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.dataset.ClassNames;
import dev.tessera.dataset.Location;
import dev.tessera.engine.GradientClipping;
import dev.tessera.engine.Objective;
import dev.tessera.engine.Regularisation;
import dev.tessera.engine.Updater;
import dev.tessera.image.Colour;
import dev.tessera.image.ResizeSettings;
import dev.tessera.image.augment.Augmentation;
import dev.tessera.image.augment.Range;
import dev.tessera.network.Activation;
import dev.tessera.network.ActivationLayer;
import dev.tessera.network.Add;
import dev.tessera.network.BatchNorm;
import dev.tessera.network.Convolution;
import dev.tessera.network.Dense;
import dev.tessera.network.Dropout;
import dev.tessera.network.Extent;
import dev.tessera.network.Flatten;
import dev.tessera.network.GlobalPooling;
import dev.tessera.network.Initialiser;
import dev.tessera.network.LayerSpec;
import dev.tessera.network.NodeSpec;
import dev.tessera.network.Padding;
import dev.tessera.network.Pooling;
import dev.tessera.network.PoolingKind;
import dev.tessera.network.ZeroPadding;
import dev.tessera.round.EarlyStopping;
import dev.tessera.round.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobParserTest {
  @TempDir Path folder;

  private static LayerSpec layer(String hocon) {
    String text =
        SMALLEST
            + "model { layers = [ { zeroPadding = 9 }, "
            + hocon
            + ", { globalPool = max }, { dense = classes, activation = softmax } ] }";
    return parse(text).model().layers().get(1);
  }

  @Test
  void readsAugmentationWithTheDefaultsOfTorchvision() {
    assertThat(parse(SMALLEST).augment()).isEqualTo(Augmentation.NONE);
    Augmentation all =
        parse(
                SMALLEST
                    + "image.augment { randomResizedCrop {}, randomCrop {}, affine {}, erasing {},"
                    + " mixup {}, cutmix { alpha = 0.3 }, colorJitter { brightness = 0.4, contrast ="
                    + " 1.5, saturation = [0.1, 3], hue = 0.1 } }")
            .augment();
    assertThat(all)
        .isEqualTo(
            new Augmentation(
                new Augmentation.RandomResizedCrop(new Range(0.08, 1), new Range(3.0 / 4, 4.0 / 3)),
                new Augmentation.RandomCrop(4, 0, Augmentation.PaddingMode.CONSTANT),
                0,
                0,
                new Augmentation.Affine(
                    new Range(0, 0), 0, 0, new Range(1, 1), Augmentation.Interpolation.NEAREST, 0),
                new Augmentation.ColorJitter(
                    new Range(0.6, 1.4),
                    new Range(0, 2.5),
                    new Range(0.1, 3),
                    new Range(-0.1, 0.1)),
                0,
                new Augmentation.Erasing(0.5, new Range(0.02, 0.33), new Range(0.3, 3.3), 0),
                new Augmentation.Mix(1),
                new Augmentation.Mix(0.3)));
    assertThat(
            parse(SMALLEST, "image.augment.affine={ degrees = 15, translate = [0.1, 0.2] }")
                .augment()
                .affine())
        .isEqualTo(
            new Augmentation.Affine(
                new Range(-15, 15),
                0.1,
                0.2,
                new Range(1, 1),
                Augmentation.Interpolation.NEAREST,
                0));
  }

  @Test
  void readsBalancedClassWeights() {
    assertThat(parse(SMALLEST).training().classWeighting())
        .isEqualTo(TrainingSettings.ClassWeighting.GIVEN);
    TrainingSettings balanced = parse(SMALLEST + "training.classWeights = balanced").training();
    assertThat(balanced.classWeighting()).isEqualTo(TrainingSettings.ClassWeighting.BALANCED);
    assertThat(balanced.objective().classWeights()).isEmpty();
  }

  @Test
  void givesEveryKeyItsDefault() {
    Job job = parse(SMALLEST);
    assertThat(job.resolved())
        .isEqualTo(
            """
            # The job as it was read: includes, substitutions and --set put in, every default spelled out.
            run {
              name = "job"
              dir = "runs/job"
              seed = 42
              parameterTableEvery = 10
              tensorboard = false
              checkpointRounds = 50
              checkpointMinutes = 10
              checkpointsKept = 3
            }
            dataset {
              format = folder
              train = "photos"
              validationFraction = 0.1
              testFraction = 0
              maxBadFraction = 0.01
              cache = pixels
            }
            image {
              height = 32
              width = 32
              channels = 3
              scaling = unit
              maxPixels = 100000000
              background = [0, 0, 0]
              resize = stretch
              padding = [0, 0, 0]
              interpolation = bilinear
              augment {
                horizontalFlip = 0
                verticalFlip = 0
                grayscale = 0
              }
            }
            model = reference
            training {
              epochs = 3
              batchSize = 64
              workers = 2
              averagingFrequency = 10
              updater = { name = nesterov, momentum = 0.9 }
              learningRate = 0.02
              labelSmoothing = 0
              classWeights = []
              l1 = 0
              l2 = 0
              clipNorm = 0
              clipValue = 0
              updaterState = average
              evaluateEvery = 1
              sampling = natural
              rollbackFactor = 0.1
              rollbacks = 3
              trainer = averaging
              engine = auto
              precision = float
            }
            spark {
            }
            """);
  }

  @Test
  void readsHowPicturesComeToTheirSize() {
    Job job =
        parse(
            SMALLEST
                + "image { resize = fit, padding = [1, 2, 3], background = [255, 254, 253],"
                + " interpolation = bicubic }");
    assertThat(job.image().background()).isEqualTo(new Colour(255, 254, 253));
    assertThat(job.image().resize())
        .isEqualTo(
            new ResizeSettings(
                ResizeSettings.Kind.FIT,
                new Colour(1, 2, 3),
                ResizeSettings.Interpolation.BICUBIC));
  }

  @Test
  void readsTheJobOfTheReadme() {
    Job job =
        parse(
            """
            run      { name = quickstart, dir = "runs/"${run.name}, seed = 7 }
            dataset  { format = folder, train = "photos/train", test = "photos/test", validationFraction = 0.2, maxBadFraction = 0.02 }
            image    { height = 28, width = 30, channels = 1, scaling = standardise }
            model    = lenet5
            training { epochs = 5, batchSize = 32, workers = 4, averagingFrequency = 20, updater { name = nesterov, momentum = 0.8 },
                       learningRate = 0.01, l2 = 1e-4, evaluateEvery = 2, trainer = dl4j, updaterState = reset }
            spark    { "spark.any.key" = value }
            """);
    assertThat(job.run().dir()).isEqualTo("runs/quickstart");
    assertThat(job.run().seed()).isEqualTo(7);
    assertThat(job.dataset().test()).isEqualTo(new Location.Folder("photos/test"));
    assertThat(job.image().shape()).hasToString("28 x 30 x 1");
    assertThat(job.model().name()).isEqualTo("lenet5");
    assertThat(job.training().updater()).isEqualTo(new Updater.Nesterov(0.8));
    assertThat(job.training().regularisation().l2()).isEqualTo(1e-4);
    assertThat(job.spark()).containsOnlyKeys("spark.any.key").containsValue("value");
  }

  @Test
  void readsIdxAndCifar() {
    Job idx =
        parse(
            "dataset { format = idx, train { images = i.gz, labels = l.gz }, classNames = [ no, yes ] }");
    assertThat(idx.dataset().train())
        .isEqualTo(new Location.Idx("i.gz", "l.gz", List.of("no", "yes")));
    Job cifar = parse("dataset { format = cifar, train = [ a.bin, b.bin ], classes = 100 }");
    assertThat(cifar.dataset().train())
        .isEqualTo(new Location.Cifar(List.of("a.bin", "b.bin"), 100, List.of()));
  }

  @Test
  void readsPlacesOfManyImagesAFile() {
    assertThat(place("format = manifest, train = a.csv, columns { path = file, label = class }"))
        .isEqualTo(new Location.Manifest("a.csv", "file", "class", ClassNames.NONE));
    assertThat(place("format = manifest, train = a.jsonl, classNamesFile = names.txt"))
        .isEqualTo(
            new Location.Manifest("a.jsonl", null, null, new ClassNames(List.of(), "names.txt")));
    assertThat(place("format = parquet, train = a.parquet, columns.label = fine_label"))
        .isEqualTo(
            new Location.Parquet(
                List.of("a.parquet"),
                new Location.Columns(null, "fine_label", null),
                ClassNames.NONE));
    assertThat(place("format = table, train = photos, columns { image = i, origin = \"i.path\" }"))
        .isEqualTo(
            new Location.Table(
                "photos", new Location.Columns("i", null, "i.path"), ClassNames.NONE));
    assertThat(place("format = tar, train = [ a.tar, \"b-*.tar\" ], labelField = kind"))
        .isEqualTo(new Location.Tar(List.of("a.tar", "b-*.tar"), "kind", ClassNames.NONE));
    assertThat(place("format = tfrecord, train = a, features.image = x, classNames = [ n, y ]"))
        .isEqualTo(
            new Location.TfRecord(List.of("a"), "x", null, ClassNames.of(List.of("n", "y"))));
  }

  private static Location place(String dataset) {
    return parse("dataset { " + dataset + " }").dataset().train();
  }

  @Test
  void readsEveryLayer() {
    assertThat(layer("{ conv = 8 }"))
        .isEqualTo(Convolution.of(8, 3, Padding.VALID, Activation.IDENTITY));
    assertThat(
            layer(
                "{ conv = 8, kernel = [3, 5], stride = 2, padding = [1, 2], dilation = 2, activation ="
                    + " leakyRelu, bias = false, initialiser = glorotUniform }"))
        .isEqualTo(
            new Convolution(
                8,
                new Extent(3, 5),
                Extent.square(2),
                new Padding.Explicit(1, 2),
                Extent.square(2),
                1,
                Activation.LEAKY_RELU,
                false,
                Initialiser.GLOROT_UNIFORM));
    assertThat(layer("{ conv = 1, padding = full, activation = relu }"))
        .isEqualTo(Convolution.of(1, 3, Padding.FULL, Activation.RELU));
    assertThat(layer("{ pool = max, size = 3 }")).isEqualTo(Pooling.of(PoolingKind.MAX, 3));
    assertThat(layer("{ pool = average, size = 3, stride = 1, padding = same }"))
        .isEqualTo(new Pooling(PoolingKind.AVERAGE, Extent.square(3), Extent.ONE, Padding.SAME));
    assertThat(layer("{ batchNorm {} }")).isEqualTo(BatchNorm.DEFAULT);
    assertThat(layer("{ batchNorm { momentum = 0.99, epsilon = 1e-3 } }"))
        .isEqualTo(new BatchNorm(0.99, 1e-3));
    assertThat(layer("{ dropout = 0.25 }")).isEqualTo(new Dropout(0.25));
    assertThat(layer("{ activation = tanh }")).isEqualTo(new ActivationLayer(Activation.TANH));
    assertThat(layer("{ zeroPadding = 1 }")).isEqualTo(new ZeroPadding(1, 1, 1, 1));
    assertThat(layer("{ zeroPadding = [1, 2] }")).isEqualTo(new ZeroPadding(1, 1, 2, 2));
    assertThat(layer("{ zeroPadding = [1, 2, 3, 4] }")).isEqualTo(new ZeroPadding(1, 2, 3, 4));
  }

  @Test
  void readsFlatLayers() {
    Job job =
        parse(
            SMALLEST
                + "model { layers = [ { flatten {} }, { dense = 8, activation = relu, bias = false }, {"
                + " dense = 1, activation = sigmoid } ] }");
    assertThat(job.model().layers())
        .containsExactly(
            new Flatten(),
            new Dense(8, Activation.RELU, false, Initialiser.HE_NORMAL),
            Dense.of(1, Activation.SIGMOID));
    assertThat(
            parse(
                    SMALLEST
                        + "model.layers = [ { globalPool = average }, { dense = classes, activation ="
                        + " softmax } ]")
                .model()
                .layers())
        .contains(new GlobalPooling(PoolingKind.AVERAGE));
  }

  @Test
  void readsNetworksThatBranch() {
    Job job =
        parse(
            SMALLEST
                + """
                  model.layers = [
                    { conv = 6, groups = depthwise, padding = same, name = stem }
                    { conv = 6, groups = 3, padding = same }
                    { conv = 6, kernel = 1, from = stem, name = side }
                    { conv = 6, kernel = 1, from = [input] }
                    { add = [side, conv2], activation = relu, name = sum }
                    { concat = [sum, conv4] }
                    { globalPool = average }
                    { dense = classes, activation = softmax }
                  ]
                  """);
    assertThat(job.model().nodes().stream().map(NodeSpec::name))
        .containsExactly("stem", "", "side", "", "sum", "", "", "");
    assertThat(job.model().nodes().stream().map(NodeSpec::inputs))
        .containsExactly(
            List.of(),
            List.of(),
            List.of("stem"),
            List.of("input"),
            List.of("side", "conv2"),
            List.of("sum", "conv4"),
            List.of(),
            List.of());
    assertThat(((Convolution) job.model().layers().get(0)).groups())
        .isEqualTo(Convolution.DEPTHWISE);
    assertThat(((Convolution) job.model().layers().get(1)).groups()).isEqualTo(3);
    assertThat(job.model().layers().get(4)).isEqualTo(new Add(Activation.RELU));
    assertThat(parse(job.resolved()).model()).isEqualTo(job.model());
  }

  @Test
  void readsWhatTrainingMinimisesAndHowFarAStepGoes() {
    TrainingSettings training =
        parse(
                SMALLEST
                    + "training { labelSmoothing = 0.1, classWeights = [1, 2.5], l1 = 1e-5, l2 = 1e-4,"
                    + " clipNorm = 5, clipValue = 0.5 }")
            .training();
    assertThat(training.objective()).isEqualTo(new Objective(0.1, List.of(1.0, 2.5)));
    assertThat(training.regularisation()).isEqualTo(new Regularisation(1e-5, 1e-4));
    assertThat(training.clipping()).isEqualTo(new GradientClipping(5, 0.5));
  }

  @Test
  void givesEveryUpdaterItsUsualSettings() {
    assertThat(updater("adam")).isEqualTo(new Updater.Adam(0.9, 0.999, 1e-8));
    assertThat(updater("{ name = adam, beta1 = 0.8 }"))
        .isEqualTo(new Updater.Adam(0.8, 0.999, 1e-8));
    assertThat(updater("adamw")).isEqualTo(new Updater.AdamW(0.9, 0.999, 1e-8, 0.01));
    assertThat(updater("sgd")).isEqualTo(new Updater.Sgd());
    assertThat(updater("momentum")).isEqualTo(new Updater.Momentum(0.9));
    assertThat(updater("{ momentum = 0.5 }")).isEqualTo(new Updater.Nesterov(0.5));
    assertThat(updater("rmsprop")).isEqualTo(new Updater.RmsProp(0.9, 1e-8));
    assertThat(updater("adagrad")).isEqualTo(new Updater.AdaGrad(1e-6));
    assertThat(parse(SMALLEST + "training.updater = adam").training().learningRate())
        .isEqualTo(0.001);
  }

  private static Updater updater(String hocon) {
    return parse(SMALLEST + "training.updater = " + hocon).training().updater();
  }

  @Test
  void putsIncludesSubstitutionsAndEnvironmentVariablesIn() throws IOException {
    Files.writeString(folder.resolve("common.conf"), "training { epochs = 9, batchSize = 8 }\n");
    Path file = folder.resolve("my.job.conf");
    Files.writeString(
        file,
        """
        include "common.conf"
        let { root = "/data" }
        run.dir = "out/"${run.name}
        dataset { train = ${let.root}"/train", test = "none", test = ${?PATH} }
        training { epochs = 4, workers = ${training.batchSize} }
        training.l2 = ${?TESSERA_TEST_HAS_NO_SUCH_VARIABLE}
        """);
    Job job = JobParser.read(file, List.of());
    assertThat(job.run().name()).isEqualTo("my.job");
    assertThat(job.run().dir()).isEqualTo("out/my.job");
    assertThat(job.dataset().train()).isEqualTo(new Location.Folder("/data/train"));
    assertThat(job.dataset().test()).isEqualTo(new Location.Folder(System.getenv("PATH")));
    assertThat(job.training().epochs()).isEqualTo(4);
    assertThat(job.training().workers()).isEqualTo(8);
  }

  @Test
  void overridesCountMoreThanTheFile() {
    Job job =
        parse(
            SMALLEST + "run { name = a, dir = \"runs/\"${run.name} }",
            "run.name = two words",
            "dataset.train=s3a://bucket/x#1",
            "model=lenet5",
            "training.epochs=1",
            "training.epochs=5",
            "training.updater={ name = adam, beta1 = 0.5 }",
            "spark.spark.executor.memory=2g",
            "image { height = 40, width = 50 }");
    assertThat(job.run().dir()).isEqualTo("runs/two words");
    assertThat(job.dataset().train()).isEqualTo(new Location.Folder("s3a://bucket/x#1"));
    assertThat(job.model().name()).isEqualTo("lenet5");
    assertThat(job.training().epochs()).isEqualTo(5);
    assertThat(job.training().updater()).isEqualTo(new Updater.Adam(0.5, 0.999, 1e-8));
    assertThat(job.spark()).containsEntry("spark.executor.memory", "2g");
    assertThat(job.image().shape()).hasToString("40 x 50 x 3");
  }

  @Test
  void overridesTakeLayersSubstitutionsAndNull() {
    Job job =
        parse(
            SMALLEST + "dataset.test = there\ntraining.l2 = 0.5",
            "model { layers = [ { flatten {} }, { dense = classes, activation = softmax } ] }",
            "run.dir=\"out/\"${let.place}",
            "let.place=x",
            "dataset.test=null");
    assertThat(job.model().layers()).hasSize(2);
    assertThat(job.run().dir()).isEqualTo("out/x");
    assertThat(job.dataset().test()).isNull();
  }

  @Test
  void sparkSettingsMayBeQuotedOrNot() {
    Job job =
        parse(
            SMALLEST
                + "spark { spark.executor.memory = 4g, \"spark.executor.cores\" = 2, \"spark.speculation\" ="
                + " true }",
            "spark.\"spark.executor.memory\"=8g");
    assertThat(job.spark())
        .containsOnly(
            java.util.Map.entry("spark.executor.memory", "8g"),
            java.util.Map.entry("spark.executor.cores", "2"),
            java.util.Map.entry("spark.speculation", "true"));
  }

  @Test
  void secretsAreUsedButNotWrittenDown() {
    for (String name :
        List.of(
            "spark.hadoop.fs.s3a.secret.key",
            "spark.hadoop.fs.azure.account.key.a.blob.core.windows.net",
            "spark.hadoop.fs.gs.auth.service.account.private.key")) {
      Job job = parse(SMALLEST + "spark { \"" + name + "\" = hush }");
      assertThat(job.spark()).containsEntry(name, "hush");
      assertThat(job.resolved())
          .doesNotContain("hush")
          .contains("# " + name + " was given; secrets are not written down");
    }
    String options = "-Djavax.net.ssl.trustStorePassword=hush";
    Job job = parse(SMALLEST + "spark.spark.executor.extraJavaOptions = \"" + options + "\"");
    assertThat(job.spark()).containsEntry("spark.executor.extraJavaOptions", options);
    assertThat(job.resolved()).doesNotContain("hush");
  }

  @Test
  void stopsEarlyOnlyWhereTheJobSaysSo() {
    assertThat(parse(SMALLEST).training().earlyStopping()).isEqualTo(EarlyStopping.OFF);
    assertThat(parse(SMALLEST).resolved()).doesNotContain("earlyStopping");
    assertThat(parse(SMALLEST + "training.earlyStopping {}").training().earlyStopping())
        .isEqualTo(new EarlyStopping(5, EarlyStopping.Metric.ACCURACY, 0, true));
    String given =
        "training.earlyStopping { patience = 2, metric = loss, minDelta = 1e-3, restoreBest = false }";
    assertThat(parse(SMALLEST + given).training().earlyStopping())
        .isEqualTo(new EarlyStopping(2, EarlyStopping.Metric.LOSS, 1e-3, false));
    assertThat(parse(SMALLEST + given, "training.earlyStopping=null").training().earlyStopping())
        .isEqualTo(EarlyStopping.OFF);
    assertThat(
            parse(
                    "dataset { train = a, validation = b, validationFraction = 0 }\n"
                        + "training.earlyStopping {}")
                .training()
                .earlyStopping()
                .patience())
        .isEqualTo(5);
  }
}
