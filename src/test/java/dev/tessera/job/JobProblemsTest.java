package dev.tessera.job;

import static dev.tessera.job.JobTexts.SMALLEST;
import static dev.tessera.job.JobTexts.parse;
import static dev.tessera.job.JobTexts.problemsOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.Golden;
import dev.tessera.network.NetworkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobProblemsTest {
  private static final Path MANY = Path.of("src/test/resources/jobs/many-problems.conf");

  @TempDir Path folder;

  @Test
  void reportsEveryProblemOfAFileAtOnceInTheOrderOfLines() {
    Golden.check(
        "many-problems.txt",
        problemsOf(MANY, "training.epochs=abc", "training.l3=1", "nonsense", "run.name=[") + "\n");
  }

  @Test
  void namesFileLineKeyAndValueOfAStringWhereANumberBelongs() {
    assertThat(problemsOf(SMALLEST + "training {\n  batchSize = lots\n}"))
        .isEqualTo(
            """
            job:3: training.batchSize = "lots": a string where a whole number belongs.
              Images in a minibatch of one worker. Use a whole number of images, 1 to 1000000; left out, it is 64.""");
  }

  @Test
  void refusesToStopEarlyWithoutEvaluationsOrByAnotherTrainer() {
    assertThat(
            problemsOf(
                "dataset { train = photos, validationFraction = 0 }\ntraining {\n  earlyStopping {}\n}"))
        .isEqualTo(
            """
            job:3: training.earlyStopping = {}: it needs a validation set, and this job has none.
              Give dataset.validation, set dataset.validationFraction above 0, or remove the group.""");
    assertThat(
            problemsOf(
                SMALLEST + "training {\n  trainer = dl4j\n  earlyStopping { patience = 3 }\n}"))
        .isEqualTo(
            """
            job:4: training.earlyStopping = {"patience":3}: it does not go with training.trainer = dl4j, which runs all epochs.
              Remove the group, or use trainer = averaging.""");
    assertThat(problemsOf(SMALLEST + "training.earlyStopping {\n  patience = 0\n}"))
        .startsWith(
            "job:3: training.earlyStopping.patience = 0: below the smallest allowed value, 1.\n");
    assertThat(problemsOf(SMALLEST + "training.earlyStopping.metric = acuracy"))
        .startsWith(
            "job:2: training.earlyStopping.metric = \"acuracy\": not one of the words known here. Did"
                + " you mean accuracy?\n");
    assertThat(problemsOf(SMALLEST + "training.earlyStopping = 5"))
        .startsWith("job:2: training.earlyStopping = 5: a number where a group belongs.\n");
    assertThat(problemsOf(SMALLEST + "training.earlyStoping { patience = 5 }"))
        .contains("Did you mean training.earlyStopping?");
  }

  @Test
  void refusesANegativeBatchSize() {
    assertThat(problemsOf(SMALLEST + "training.batchSize = -1"))
        .startsWith("job:2: training.batchSize = -1: below the smallest allowed value, 1.\n");
  }

  @Test
  void refusesColoursAndWaysToResizeThatThereAreNot() {
    assertThat(problemsOf(SMALLEST + "image.background = white"))
        .isEqualTo(
            """
            job:2: image.background = "white": a string where a colour belongs.
              What shows through where a picture is transparent. Use a colour, [red, green, blue], each 0 to 255; left out, it is [0, 0, 0].""");
    assertThat(problemsOf(SMALLEST + "image.padding = [0, 0]"))
        .startsWith("job:2: image.padding = [0,0]: a list of 2 where a colour belongs.\n");
    assertThat(problemsOf(SMALLEST + "image.padding = [0, 0, 256]"))
        .startsWith("job:2: image.padding = [0,0,256]: above the largest allowed value, 255.\n");
    assertThat(problemsOf(SMALLEST + "image.resize = stretched"))
        .startsWith(
            "job:2: image.resize = \"stretched\": not one of the words known here. Did you mean"
                + " stretch?\n");
  }

  @Test
  void namesTheNearestKeyOfAnUnknownOne() {
    assertThat(problemsOf(SMALLEST + "training.epoch = 1"))
        .startsWith(
            "job:2: training.epoch = 1: there is no such key. Did you mean training.epochs?\n");
    assertThat(problemsOf(SMALLEST + "trainig { epochs = 1 }"))
        .startsWith(
            "job:2: trainig = {\"epochs\":1}: there is no such key. Did you mean training?\n");
    assertThat(problemsOf(SMALLEST + "epochs = 1")).contains("Did you mean training.epochs?");
    assertThat(problemsOf(SMALLEST + "training.updater { name = sgd, momentum = 0.9 }"))
        .contains("training.updater.momentum = 0.9: there is no such key.");
  }

  @Test
  void saysWhatIsNotHocon() {
    assertThat(problemsOf(SMALLEST + "training {\n  epochs = 3\n"))
        .startsWith(
            "job:4: this is not HOCON: it ends where a closing }, ] or quotation mark is expected.\n");
    assertThat(problemsOf("this is not a job file")).startsWith("job:1: this is not HOCON: ");
    assertThat(problemsOf("\u0089PNG\r\n\u001a\n"))
        .startsWith("job:")
        .contains("this is not HOCON");
  }

  @Test
  void namesTheOptionThatIsWrong() {
    assertThat(problemsOf(SMALLEST, "training.epochs=abc"))
        .startsWith("--set training.epochs=abc: a string where a whole number belongs.\n");
    assertThat(problemsOf(SMALLEST, "training.epoch=5"))
        .startsWith(
            "--set training.epoch=5: there is no such key. Did you mean training.epochs?\n");
    assertThat(problemsOf(SMALLEST, "model={ layers = [ { conv = 0 } ] }"))
        .startsWith(
            "--set model={ layers = [ { conv = 0 } ] }: model.layers[0].conv = 0: below the smallest"
                + " allowed value, 1.\n");
    assertThat(problemsOf(SMALLEST, "epochs")).startsWith("--set epochs: a key and a value belong");
    assertThat(problemsOf(SMALLEST, "=5")).startsWith("--set =5: a key and a value belong here.");
    assertThat(problemsOf(SMALLEST, "a..b=5")).startsWith("--set a..b=5: ");
  }

  @Test
  void namesTheKeysLineWhereTheValueComesFromElsewhere() {
    assertThat(problemsOf("let.n = many\n" + SMALLEST + "training.epochs = ${let.n}"))
        .startsWith("job:3: training.epochs = \"many\": a string");
    assertThat(problemsOf(SMALLEST + "\ntraining.epochs = ${?PATH}")).startsWith("job:3: ");
  }

  @Test
  void namesTheFileThatWasIncluded() throws IOException {
    Path included = folder.resolve("common.conf");
    Files.writeString(included, "\ntraining.epochs = many\n");
    Path file = folder.resolve("a.conf");
    Files.writeString(file, "include \"common\"\ntraining.workers = few\n");
    assertThat(problemsOf(file))
        .startsWith("3 problems in " + file + ":\n\n" + file + ": dataset.train is missing.\n")
        .contains("\n" + file + ":2: training.workers = \"few\"")
        .contains("\n" + included + ":2: training.epochs = \"many\"");
  }

  @Test
  void refusesAnIncludeOfNothing() throws IOException {
    Path file = folder.resolve("a.conf");
    Files.writeString(file, SMALLEST + "\ninclude \"comon.conf\"\n");
    assertThat(problemsOf(file))
        .startsWith(file + ":3: include \"comon.conf\": there is no such file.\n");
  }

  @Test
  void refusesIncludesInACircle() throws IOException {
    Path first = folder.resolve("a.conf");
    Path second = folder.resolve("b.conf");
    Files.writeString(first, SMALLEST + "include \"b\"\n");
    Files.writeString(second, "\ninclude \"a.conf\"\n");
    assertThat(problemsOf(first))
        .isEqualTo(
            second
                + ":2: include \"a.conf\": this file is being read already, so it would include itself"
                + " without end.\n"
                + "  Remove the line, or move what both files need into a third one.");
  }

  @Test
  void refusesSubstitutionsOfNothing() {
    assertThat(problemsOf("dataset.train = ${NO_A}\nrun.dir = ${NO_B}x\nrun.name = ${?NO_C}"))
        .contains("2 problems", "job:1: ${NO_A}: there is no such key", "job:2: ${NO_B}: there");
    assertThat(problemsOf(SMALLEST + "let { a = ${let.b}, b = ${let.a} }"))
        .contains("the values can't be put together", "cycle");
  }

  @Test
  void findsShapesThatCannotWork() {
    assertThat(
            problemsOf(
                SMALLEST
                    + """
                      image { height = 8, width = 8 }
                      model.layers = [
                        { conv = 4, kernel = 5 }
                        { pool = max, size = 6 }
                        { flatten {} }
                        { dense = classes, activation = softmax }
                      ]
                      training.epochs = x
                      """))
        .contains("2 problems in job:")
        .contains(
            "job:5: model.layers[1]: layer 2 (pool1): size = 6 x 6 does not fit its input of 4 x 4 x 4"
                + " (height x width x channels).")
        .contains("job:9: training.epochs");
    assertThat(
            problemsOf(
                SMALLEST
                    + "model.layers = [ { conv = 4 },\n { dense = classes, activation = softmax } ]"))
        .startsWith("job:3: model.layers[1]: layer 2 (dense1): dense needs a flat list")
        .contains("{ flatten {} }");
  }

  @Test
  void findsBranchesThatDoNotGoTogether() {
    String model =
        SMALLEST
            + """
              image { height = 8, width = 8 }
              model.layers = [
                { conv = 4, padding = same, name = stem }
                { conv = 5, padding = same }
                { add = [stem, conv2] }
                { globalPool = average }
                { dense = classes, activation = softmax }
              ]
              """;
    assertThat(problemsOf(model))
        .startsWith(
            "job:6: model.layers[2]: layer 3 (add1): add needs inputs of equal shape but gets 8 x 8 x"
                + " 4 and 8 x 8 x 5.");
    assertThat(problemsOf(model.replace("[stem, conv2]", "[stem, conv3]")))
        .startsWith("job:6: model.layers[2]: layer 3 (add1): there is no layer conv3 before it.")
        .contains("Use one of input, stem, conv2.");
    assertThat(problemsOf(model.replace("[stem, conv2]", "[stem, conv2], from = stem")))
        .startsWith(
            "job:6: model.layers[2].from = \"stem\": two places for the inputs of add.\n"
                + "  Name them all in add.");
    assertThat(
            problemsOf(
                model.replace("{ add = [stem, conv2] }", "{ activation = relu, from = stem }")))
        .startsWith("job:5: model.layers[1]: layer 2 (conv2): no later layer takes its output");
    assertThat(problemsOf(model.replace("padding = same }", "padding = same, groups = 3 }")))
        .startsWith("job:5: model.layers[1]: layer 2 (conv2): groups = 3 does not divide the 4");
    assertThat(problemsOf(model.replace("padding = same }", "groups = all }")))
        .startsWith(
            "job:5: model.layers[1].groups = \"all\": a string where a whole number or the word"
                + " depthwise belongs.");
  }

  @Test
  void refusesClassWeightsThatFitNoClasses() {
    String cifar = "dataset { format = cifar, train = [a.bin] }\n";
    assertThat(problemsOf(cifar + "training.classWeights = [1, 2]"))
        .startsWith("job:2: training.classWeights = [1,2]: 2 numbers for 10 classes.");
    assertThat(problemsOf(SMALLEST + "\ntraining.classWeights = [0, 0]"))
        .startsWith("job:3: training.classWeights = [0,0]: nothing but zeros.");
    assertThat(problemsOf(SMALLEST + "\ntraining.classWeights = [1, -1]"))
        .startsWith("job:3: training.classWeights = [1,-1]: below the smallest allowed value, 0.");
    assertThat(problemsOf(SMALLEST + "\ntraining.classWeights = 3"))
        .startsWith(
            "job:3: training.classWeights = 3: a number where a list of numbers or the word balanced belongs.");
  }

  @Test
  void refusesToBalanceClassesTwice() {
    assertThat(problemsOf(SMALLEST + "\ntraining { classWeights = balanced, sampling = balanced }"))
        .startsWith(
            "job:3: training.sampling = \"balanced\": training.classWeights is balanced too.\n"
                + "  Small classes would count twice. Take one of the two.");
  }

  @Test
  void refusesAugmentationThatMeansNothing() {
    assertThat(problemsOf(SMALLEST + "image.augment.horizontalFlip = 1.5"))
        .startsWith(
            "job:2: image.augment.horizontalFlip = 1.5: above the largest allowed value, 1.\n"
                + "  Probability of mirroring left and right; 0.5 is usual. Use a number, 0 to 1; left"
                + " out, it is 0.");
    assertThat(problemsOf(SMALLEST + "image.augment.horizontalflip = 0.5"))
        .startsWith(
            "job:2: image.augment.horizontalflip = 0.5: there is no such key. Did you mean"
                + " image.augment.horizontalFlip?");
    assertThat(problemsOf(SMALLEST + "image.augment.randomCrop = 4"))
        .startsWith("job:2: image.augment.randomCrop = 4: a number where a group belongs.");
    assertThat(problemsOf(SMALLEST + "image.augment.randomCrop { pading = 4 }"))
        .startsWith(
            "job:2: image.augment.randomCrop.pading = 4: there is no such key. Did you mean"
                + " image.augment.randomCrop.padding?");
    assertThat(problemsOf(SMALLEST + "image.augment.colorJitter.hue = 0.6"))
        .startsWith(
            "job:2: image.augment.colorJitter.hue = 0.6: above the largest allowed value, 0.5.");
    assertThat(problemsOf(SMALLEST + "image.augment.colorJitter.hue = red"))
        .startsWith(
            "job:2: image.augment.colorJitter.hue = \"red\": a string where a number or pair"
                + " belongs.");
    assertThat(problemsOf(SMALLEST + "image.augment.erasing.scale = [0.5, 0.1]"))
        .startsWith(
            "job:2: image.augment.erasing.scale = [0.5,0.1]: its first number is the larger one.");
    assertThat(problemsOf(SMALLEST + "image.augment.erasing.scale = [0.5, 0.6, 0.7]"))
        .startsWith(
            "job:2: image.augment.erasing.scale = [0.5,0.6,0.7]: a list of 3 where a pair belongs.");
    assertThat(problemsOf(SMALLEST + "image.augment.affine.translate = [0.1]"))
        .startsWith(
            "job:2: image.augment.affine.translate = [0.1]: a list of 1 where a number or pair"
                + " belongs.");
    assertThat(problemsOf(SMALLEST + "image.augment.mixup.alpha = 0"))
        .startsWith("job:2: image.augment.mixup.alpha = 0: not above 0.");
  }

  @Test
  void refusesABorderThatMirrorsMoreThanThePictureHas() {
    String mirrored = "image.augment.randomCrop { padding = 32, paddingMode = reflect }";
    assertThat(problemsOf(SMALLEST + mirrored))
        .isEqualTo(
            """
            job:2: image.augment.randomCrop.padding = 32: pictures of 32 x 32 x 3 (height x width x channels) have at most 31 pixels to mirror.
              Use a padding of at most 31, or paddingMode = constant.""");
    parse(SMALLEST + mirrored, "image.augment.randomCrop.paddingMode=symmetric");
  }

  @Test
  void refusesAugmentationWithDl4jsTrainer() {
    String dl4j = SMALLEST + "training.trainer = dl4j\nimage.augment.";
    assertThat(problemsOf(dl4j + "horizontalFlip = 0.5"))
        .startsWith(
            "job:3: image.augment = {\"horizontalFlip\":0.5}: it does not go with training.trainer ="
                + " dl4j, which takes images as they are.");
    parse(dl4j + "horizontalFlip = 0");
  }

  @Test
  void refusesAModelThatDoesNotFitTheImages() {
    assertThat(problemsOf(SMALLEST + "model = article\nimage { height = 4, width = 4 }"))
        .startsWith("job:2: model = article: layer 10 (pool3): size = 2 x 2 does not fit");
  }

  @Test
  void refusesAMinibatchThatFitsNoBuffer() {
    String large = SMALLEST + "image { height = 4096, width = 4096 }\n";
    assertThat(problemsOf(large + "training.batchSize = 11"))
        .isEqualTo(
            "job:3: training.batchSize = 11: a minibatch of 11 images of 4096 x 4096 x 3 takes more"
                + " than 2 GB.\n  Use a batchSize of at most 10 for images of this size, or make them"
                + " smaller.");
    assertThat(problemsOf(large)).startsWith("job: training.batchSize = 64: a minibatch of 64");
    assertThat(parse(large + "training.batchSize = 10").training().batchSize()).isEqualTo(10);
  }

  @Test
  void refusesOutputsThatFitNoClasses() {
    String flat = SMALLEST + "model.layers = [ { flatten {} }, ";
    assertThat(problemsOf(flat + "{ dense = 1, activation = softmax } ]"))
        .contains("softmax over one output is 1");
    assertThat(problemsOf(flat + "{ dense = 3, activation = sigmoid } ]"))
        .contains("sigmoid as the output needs one output");
    assertThat(problemsOf(flat + "{ dense = classes } ]"))
        .contains("is the last but makes no probabilities");
    assertThat(problemsOf(SMALLEST + "model.layers = []")).contains("the network has no layers");
    assertThat(
            problemsOf(
                "dataset { format = cifar, train = [a.bin] }\n"
                    + "model.layers = [ { flatten {} }, { dense = 7, activation = softmax } ]"))
        .contains("has 7 outputs but the data set has 10 classes");
  }

  @Test
  void leavesClassesThatOnlyTheDataTellsToLater() {
    Job job =
        parse(
            SMALLEST + "model.layers = [ { flatten {} },\n { dense = 7, activation = softmax } ]");
    try {
      job.model().compile(job.image().shape(), 5);
    } catch (NetworkException e) {
      assertThat(job.modelOrigin().locate(e))
          .startsWith(
              "job:3: model.layers[1]: layer 2 (dense) has 7 outputs but the data set has 5");
      return;
    }
    throw new AssertionError("The network was not refused");
  }

  @Test
  void refusesPlacesOfImagesOfAnotherFormat() {
    assertThat(problemsOf("dataset { format = idx, train = photos }"))
        .startsWith("job:1: dataset.train = \"photos\": a string where images and labels belong.");
    assertThat(problemsOf("dataset.train { images = a, labels = b }"))
        .contains("an object { ... } where a path belongs", "With format = folder write train =");
    assertThat(problemsOf("dataset { format = cifar, train = [] }"))
        .contains("a list without a file");
    assertThat(problemsOf("dataset { format = cifar, train = [a/x.bin, b/x.bin] }"))
        .contains("two of its files have the same name");
    assertThat(problemsOf("dataset { format = idx, train { images = a } }"))
        .contains("dataset.train.labels is missing");
    assertThat(problemsOf("dataset { format = cifar, train = [a.bin], classNames = [a, b] }"))
        .contains("2 names for 10 classes");
    assertThat(
            problemsOf(
                "dataset { format = idx, train = { images = a, labels = b }, classNames = [a, a] }"))
        .contains("a name stands in it twice");
  }

  @Test
  void refusesKeysOfAnotherFormat() {
    assertThat(problemsOf("dataset { train = photos, columns { label = class } }"))
        .isEqualTo(
            "job:1: dataset.columns = {\"label\":\"class\"}: only format = manifest, parquet, table takes"
                + " it.\n  No other format has columns. Remove the line.");
    assertThat(problemsOf("dataset { format = parquet, train = a, features { label = class } }"))
        .contains("only format = tfrecord takes it");
    assertThat(problemsOf("dataset { format = tfrecord, train = a, labelField = class }"))
        .contains("only format = tar takes it", "have their labels in columns or features");
    assertThat(problemsOf("dataset { format = manifest, train = a, columns { image = x } }"))
        .contains("dataset.columns.image = \"x\": this format has no such column");
    assertThat(problemsOf("dataset { format = table, train = a, columns { path = x } }"))
        .contains("dataset.columns.path = \"x\": this format has no such column");
    assertThat(problemsOf("dataset { train = photos, classNamesFile = names.txt }"))
        .contains("format = folder does not take it");
    assertThat(
            problemsOf(
                "dataset { format = tar, train = a, classNames = [a, b], classNamesFile = names.txt }"))
        .contains("dataset.classNames gives the names too");
    assertThat(problemsOf("dataset { format = tar, train = [] }"))
        .contains("a list without a path", "With format = tar write train =");
  }

  @Test
  void saysWhichJobFilesThereAreIfOneIsMissing() throws IOException {
    Files.writeString(folder.resolve("there.conf"), SMALLEST);
    Path missing = folder.resolve("their.conf");
    assertThat(problemsOf(missing))
        .isEqualTo(
            missing
                + ": there is no such job file.\n  There are "
                + folder.resolve("there.conf")
                + ".");
    assertThat(problemsOf(folder)).startsWith(folder + ": a folder where a job file belongs.\n");
    assertThat(problemsOf(Path.of("nowhere/a.conf"))).contains("jobs/quickstart.conf");
  }

  @Test
  void asksForTheImagesOfAnEmptyFile() throws IOException {
    Path file = folder.resolve("empty.conf");
    Files.writeString(file, "");
    assertThat(problemsOf(file)).startsWith(file + ": dataset.train is missing.\n");
  }
}
