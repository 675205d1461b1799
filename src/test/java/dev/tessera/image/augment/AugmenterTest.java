package dev.tessera.image.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.image.Minibatch;
import dev.tessera.image.augment.Augmentation.Affine;
import dev.tessera.image.augment.Augmentation.ColorJitter;
import dev.tessera.image.augment.Augmentation.Erasing;
import dev.tessera.image.augment.Augmentation.Interpolation;
import dev.tessera.image.augment.Augmentation.PaddingMode;
import dev.tessera.image.augment.Augmentation.RandomCrop;
import dev.tessera.image.augment.Augmentation.RandomResizedCrop;
import dev.tessera.network.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AugmenterTest {
  private static final Shape.Image COLOR = new Shape.Image(12, 10, 3);
  private static final Shape.Image TWO_BY_THREE = new Shape.Image(2, 3, 1);

  /** Enough that a share of them has a deviation below 0.01. */
  private static final int DRAWS = 4000;

  private static byte[] augmented(
      Augmentation settings, Shape.Image shape, byte[] picture, int key) {
    Minibatch minibatch = Pictures.minibatch(shape, picture);
    new Augmenter(settings, shape).apply(minibatch, key);
    return Pictures.of(minibatch, 0);
  }

  private static byte[] augmented(Augmentation settings, Minibatch minibatch, long key) {
    new Augmenter(settings, minibatch.shape()).apply(minibatch, key);
    return minibatch.pixels().clone();
  }

  @Test
  void changesNothingIfAllIsOff() {
    Minibatch minibatch = Pictures.random(COLOR, 5);
    byte[] before = minibatch.pixels().clone();
    assertThat(augmented(Augmentation.NONE, minibatch, 1)).isEqualTo(before);
    assertThat(minibatch.isMixed()).isFalse();
    assertThat(Augmentation.NONE.isNone()).isTrue();
    assertThat(Settings.flips(0, 0).isNone()).isTrue();
    assertThat(Settings.everything().isNone()).isFalse();
  }

  @Test
  void givesEqualBitsForEqualKeysAndOthersForOthers() {
    Augmentation settings = Settings.everything();
    Minibatch first = Pictures.random(COLOR, 5);
    byte[] once = augmented(settings, first, 77);
    Augmenter used = new Augmenter(settings, COLOR);
    used.apply(Pictures.random(COLOR, 3), 5);
    Minibatch again = Pictures.random(COLOR, 5);
    used.apply(again, 77);
    assertThat(again.pixels()).isEqualTo(once);
    assertThat(again.otherShare(2)).isEqualTo(first.otherShare(2)).isPositive();
    assertThat(augmented(settings, Pictures.random(COLOR, 5), 78)).isNotEqualTo(once);
  }

  /** Whatever machine this runs on. */
  @Test
  void givesTheBitsThatItAlwaysGave() {
    assertThat(Arrays.hashCode(augmented(Settings.everything(), Pictures.random(COLOR, 5), 1)))
        .isEqualTo(-1153402406);
    Shape.Image gray = new Shape.Image(12, 10, 1);
    assertThat(Arrays.hashCode(augmented(Settings.everything(), Pictures.random(gray, 5), 1)))
        .isEqualTo(1998138935);
  }

  @Test
  void anExamplesChangeDependsOnItsPlaceAlone() {
    Augmentation settings =
        Settings.colors(
            new ColorJitter(new Range(0, 2), new Range(0, 2), new Range(0, 2), new Range(-.5, .5)),
            0.2);
    byte[] five = augmented(settings, Pictures.random(COLOR, 5), 3);
    byte[] two = augmented(settings, Pictures.random(COLOR, 2), 3);
    assertThat(Arrays.copyOf(five, two.length)).isEqualTo(two);
    byte[] same = new byte[COLOR.size()];
    Arrays.fill(same, (byte) 100);
    Minibatch equal = Pictures.minibatch(COLOR, same, same);
    augmented(
        Settings.colors(
            new ColorJitter(new Range(0, 2), Settings.ONE, Settings.ONE, Settings.ZERO), 0),
        equal,
        3);
    assertThat(Pictures.of(equal, 0)).isNotEqualTo(Pictures.of(equal, 1));
  }

  @Test
  void refusesPicturesOfAnotherShape() {
    assertThatThrownBy(
            () ->
                new Augmenter(Augmentation.NONE, COLOR).apply(Pictures.random(TWO_BY_THREE, 1), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot augment pictures of 2 x 3 x 1: made for 12 x 10 x 3");
  }

  @Test
  void mirrors() {
    byte[] picture = {1, 2, 3, 4, 5, 6};
    assertThat(augmented(Settings.flips(1, 0), TWO_BY_THREE, picture, 1))
        .containsExactly(3, 2, 1, 6, 5, 4);
    assertThat(augmented(Settings.flips(0, 1), TWO_BY_THREE, picture, 1))
        .containsExactly(4, 5, 6, 1, 2, 3);
    assertThat(augmented(Settings.flips(1, 1), TWO_BY_THREE, picture, 1))
        .containsExactly(6, 5, 4, 3, 2, 1);
    byte[] colors = {1, 2, 3, 4, 5, 6};
    assertThat(augmented(Settings.flips(1, 0), new Shape.Image(1, 2, 3), colors, 1))
        .containsExactly(4, 5, 6, 1, 2, 3);
  }

  @Test
  void mirrorsAsOftenAsItSays() {
    byte[] picture = {1, 2, 3, 4, 5, 6};
    int across = 0;
    int down = 0;
    int both = 0;
    for (int key = 0; key < DRAWS; key++) {
      byte[] changed = augmented(Settings.flips(0.3, 0.6), TWO_BY_THREE, picture, key);
      boolean mirrored = changed[0] % 3 == 0;
      boolean turned = changed[0] > 3;
      across += mirrored ? 1 : 0;
      down += turned ? 1 : 0;
      both += mirrored && turned ? 1 : 0;
    }
    assertThat(across / (double) DRAWS).isCloseTo(0.3, within(0.03));
    assertThat(down / (double) DRAWS).isCloseTo(0.6, within(0.03));
    assertThat(both / (double) DRAWS).isCloseTo(0.18, within(0.03));
  }

  @Test
  void cropsEveryWindowOfThePaddedPictureEquallyOften() {
    byte[] picture = {1, 2, 3, 4, 5, 6};
    Augmentation settings = Settings.crop(new RandomCrop(1, 9, PaddingMode.CONSTANT));
    Map<String, Integer> seen = new TreeMap<>();
    for (int key = 0; key < DRAWS; key++) {
      seen.merge(Pictures.hex(augmented(settings, TWO_BY_THREE, picture, key)), 1, Integer::sum);
    }
    assertThat(seen.keySet())
        .containsExactlyInAnyOrder(
            "090909090102",
            "090909010203",
            "090909020309",
            "090102090405",
            "010203040506",
            "020309050609",
            "090405090909",
            "040506090909",
            "050609090909");
    assertThat(seen.values())
        .allSatisfy(count -> assertThat(count / (double) DRAWS).isCloseTo(1 / 9.0, within(0.03)));
  }

  @Test
  void refusesToMirrorMoreThanThereIs() {
    for (PaddingMode mode : PaddingMode.values()) {
      new Augmenter(Settings.crop(new RandomCrop(1, 0, mode)), TWO_BY_THREE);
    }
    assertThatThrownBy(
            () ->
                new Augmenter(
                    Settings.crop(new RandomCrop(2, 0, PaddingMode.REFLECT)), TWO_BY_THREE))
        .hasMessage("Cannot mirror a border of 2 from a picture of 2 x 3 x 1: it has at most 1");
  }

  @Test
  void enlargesAPartOfTheGivenAreaAndRatio() {
    Shape.Image shape = new Shape.Image(60, 80, 1);
    // A ramp of half a value a column: what is left of it tells where the part lay.
    byte[] ramp = new byte[shape.size()];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) (2 * (i % 80));
    }
    Augmentation settings =
        Settings.resizedCrop(new RandomResizedCrop(new Range(0.2, 0.4), new Range(0.9, 1.1)));
    double narrowest = Double.MAX_VALUE;
    double widest = 0;
    Set<Integer> begins = new HashSet<>();
    for (int key = 0; key < 500; key++) {
      byte[] changed = augmented(settings, shape, ramp, key);
      int first = Pictures.at(changed, shape, 30, 0);
      int last = Pictures.at(changed, shape, 30, 79);
      double width = (last - first) / 2.0 + 1;
      narrowest = Math.min(narrowest, width);
      widest = Math.max(widest, width);
      begins.add(first);
    }
    // sqrt(area x ratio) of 4,800 pixels: 29.4 to 45.96
    assertThat(narrowest).isBetween(29.0, 32.0);
    assertThat(widest).isBetween(44.0, 46.0);
    assertThat(begins).hasSizeGreaterThan(40);
  }

  @Test
  void takesTheMiddleWhereNoPartFits() {
    Shape.Image shape = new Shape.Image(4, 20, 1);
    byte[] ramp = new byte[shape.size()];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) (10 * (i % 20));
    }
    Augmentation whole =
        Settings.resizedCrop(new RandomResizedCrop(new Range(1, 1), new Range(1, 1)));
    byte[] changed = augmented(whole, shape, ramp, 1);
    // 4 columns of 20, from the eighth on
    assertThat(Pictures.at(changed, shape, 2, 0)).isEqualTo(80);
    assertThat(Pictures.at(changed, shape, 2, 19)).isEqualTo(110);
  }

  @Test
  void turnsClockwiseAndMovesByWholePixels() {
    Shape.Image square = new Shape.Image(3, 3, 1);
    byte[] picture = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    for (Interpolation interpolation : Interpolation.values()) {
      AffineStep step =
          new AffineStep(
              new Affine(Settings.ZERO, 0, 0, Settings.ONE, interpolation, 0), square, new byte[9]);
      byte[] turned = picture.clone();
      step.warp(turned, 0, 90, 0, 0, 1);
      assertThat(turned).containsExactly(7, 4, 1, 8, 5, 2, 9, 6, 3);
      byte[] moved = picture.clone();
      step.warp(moved, 0, 0, 1, -1, 1);
      assertThat(moved).containsExactly(0, 4, 5, 0, 7, 8, 0, 0, 0);
    }
    Augmentation settings =
        Settings.affine(new Affine(Settings.ZERO, 0.34, 0, Settings.ONE, Interpolation.NEAREST, 0));
    Set<String> seen = new HashSet<>();
    for (int key = 0; key < 200; key++) {
      seen.add(Pictures.hex(augmented(settings, square, picture, key)));
    }
    assertThat(seen)
        .containsExactlyInAnyOrder(
            "010203040506070809", "000102000405000708", "020300050600080900");
  }

  @Test
  void turnsAndZoomsWithinItsRanges() {
    Shape.Image shape = new Shape.Image(121, 121, 1);
    byte[] picture = new byte[shape.size()];
    // A spot 40 pixels to the right of the middle.
    for (int y = 58; y <= 62; y++) {
      Arrays.fill(picture, y * 121 + 98, y * 121 + 103, (byte) 200);
    }
    Augmentation settings =
        Settings.affine(
            new Affine(new Range(-30, 10), 0, 0, new Range(0.8, 1.2), Interpolation.BILINEAR, 0));
    Spread angles = new Spread();
    Spread distances = new Spread();
    for (int key = 0; key < 300; key++) {
      byte[] changed = augmented(settings, shape, picture, key);
      double sum = 0;
      double x = 0;
      double y = 0;
      for (int i = 0; i < changed.length; i++) {
        int value = changed[i] & 0xff;
        sum += value;
        x += value * (i % 121 - 60);
        y += value * (i / 121 - 60);
      }
      angles.add(Math.toDegrees(Math.atan2(y / sum, x / sum)));
      distances.add(Math.hypot(x / sum, y / sum));
    }
    // Clockwise is down, where y grows.
    assertThat(angles.least).isBetween(-30.2, -29.0);
    assertThat(angles.most).isBetween(9.0, 10.2);
    assertThat(distances.least).isBetween(31.8, 33.0);
    assertThat(distances.most).isBetween(47.0, 48.2);
  }

  private static final class Spread {
    private double least = Double.MAX_VALUE;
    private double most = -Double.MAX_VALUE;

    void add(double value) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }

  @Test
  void drawsFactorsOfTheWholeRange() {
    Shape.Image shape = new Shape.Image(1, 1, 1);
    Augmentation settings =
        Settings.colors(
            new ColorJitter(new Range(0.6, 1.4), Settings.ONE, Settings.ONE, Settings.ZERO), 0);
    double sum = 0;
    int least = 255;
    int most = 0;
    for (int key = 0; key < DRAWS; key++) {
      int value = augmented(settings, shape, new byte[] {100}, key)[0] & 0xff;
      least = Math.min(least, value);
      most = Math.max(most, value);
      sum += value;
    }
    assertThat(least).isEqualTo(60);
    assertThat(most).isEqualTo(139);
    assertThat(sum / DRAWS).isCloseTo(99.5, within(2.0));
  }

  @Test
  void changesColorsInEveryOrder() {
    Shape.Image shape = new Shape.Image(1, 2, 3);
    byte[] picture = {20, 120, (byte) 220, 90, 60, 30};
    Augmentation settings =
        Settings.colors(
            new ColorJitter(
                new Range(1.5, 1.5), new Range(0.5, 0.5), new Range(2, 2), new Range(0.3, 0.3)),
            0);
    Set<String> seen = new HashSet<>();
    for (int key = 0; key < 1000; key++) {
      seen.add(Pictures.hex(augmented(settings, shape, picture, key)));
    }
    // 24 orders, of which some give the same
    assertThat(seen).hasSizeBetween(12, 24);
  }

  @Test
  void graysAsOftenAsItSays() {
    Shape.Image shape = new Shape.Image(1, 1, 3);
    int gray = 0;
    for (int key = 0; key < DRAWS; key++) {
      byte[] changed = augmented(Settings.colors(null, 0.2), shape, new byte[] {10, 20, 30}, key);
      if (changed[0] == changed[1]) {
        // 0.2989 x 10 + 0.587 x 20 + 0.114 x 30 = 18.149
        assertThat(changed).containsExactly(18, 18, 18);
        gray++;
      }
    }
    assertThat(gray / (double) DRAWS).isCloseTo(0.2, within(0.03));
  }

  @Test
  void erasesARectangleOfTheGivenAreaAsOftenAsItSays() {
    Shape.Image shape = new Shape.Image(40, 50, 1);
    Augmentation settings =
        Settings.erasing(new Erasing(0.4, new Range(0.1, 0.2), new Range(0.5, 2), 200));
    int erasures = 0;
    for (int key = 0; key < 1500; key++) {
      byte[] changed = augmented(settings, shape, new byte[shape.size()], key);
      int[] box = {40, 50, -1, -1};
      int count = 0;
      for (int y = 0; y < 40; y++) {
        for (int x = 0; x < 50; x++) {
          int value = Pictures.at(changed, shape, y, x);
          assertThat(value == 0 || value == 200).isTrue();
          if (value == 200) {
            box[0] = Math.min(box[0], y);
            box[1] = Math.min(box[1], x);
            box[2] = Math.max(box[2], y);
            box[3] = Math.max(box[3], x);
            count++;
          }
        }
      }
      if (count > 0) {
        erasures++;
        int rows = box[2] - box[0] + 1;
        int cells = box[3] - box[1] + 1;
        assertThat(count).isEqualTo(rows * cells).isBetween(185, 420);
        assertThat(rows / (double) cells).isBetween(0.45, 2.2);
      }
    }
    assertThat(erasures / 1500.0).isCloseTo(0.4, within(0.05));
  }

  @Test
  void erasesAfterColorsHaveChanged() {
    Augmentation settings =
        new Augmentation(
            null,
            null,
            0,
            0,
            null,
            new ColorJitter(new Range(0.5, 0.5), Settings.ONE, Settings.ONE, Settings.ZERO),
            0,
            new Erasing(1, new Range(0.3, 0.3), new Range(1, 1), 200),
            null,
            null);
    byte[] changed = augmented(settings, COLOR, Pictures.even(COLOR, 100), 1);
    Set<Byte> values = new HashSet<>();
    for (byte value : changed) {
      values.add(value);
    }
    assertThat(values).containsExactlyInAnyOrder((byte) 50, (byte) 200);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void everythingTogetherRunsOnOneChannelAndOnThree(int channels) {
    Shape.Image shape = new Shape.Image(7, 9, channels);
    Minibatch minibatch = Pictures.random(shape, 4);
    byte[] before = minibatch.pixels().clone();
    assertThat(augmented(Settings.everything(), minibatch, 3)).isNotEqualTo(before);
    assertThat(minibatch.isMixed()).isTrue();
  }

  @Test
  void travelsAsItIs() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(Settings.everything());
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(Settings.everything());
    }
  }

  @Test
  void refusesSettingsThatMeanNothing() {
    assertThatThrownBy(() -> Settings.flips(1.5, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid horizontalFlip = 1.5: a probability is in [0, 1]");
    assertThatThrownBy(() -> new Range(2, 1))
        .hasMessage("Invalid range [2.0, 1.0]: its first number must not be the larger one");
    assertThatThrownBy(() -> new Range(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Augmentation.Mix(0)).hasMessageContaining("alpha = 0.0");
    assertThatThrownBy(() -> new RandomCrop(1, 256, PaddingMode.CONSTANT))
        .hasMessage("Invalid randomCrop.fill = 256: a pixel value is in [0, 255]");
  }
}
