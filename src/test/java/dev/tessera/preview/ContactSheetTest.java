package dev.tessera.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.image.PixelBlock;
import dev.tessera.image.augment.Augmentation;
import dev.tessera.network.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
  /** Where pictures begin: a gap, two lines of text. */
  private static final int TOP = 6 + 2 * 16;

  private static final Augmentation MIRRORED =
      new Augmentation(null, null, 1, 0, null, null, 0, null, null, null);

  /** Left half red, right half blue, each picture a little darker. */
  private static PixelBlock pictures(int count, int side) {
    Shape.Image shape = new Shape.Image(side, side, 3);
    byte[] pixels = new byte[count * shape.size()];
    int[] labels = new int[count];
    String[] origins = new String[count];
    for (int p = 0; p < count; p++) {
      for (int i = 0; i < side * side; i++) {
        int channel = i % side < side / 2 ? 0 : 2;
        pixels[p * shape.size() + 3 * i + channel] = (byte) (250 - 10 * p);
      }
      labels[p] = p % 2;
      origins[p] = "picture " + p;
    }
    return new PixelBlock(shape, pixels, labels, origins);
  }

  private static BufferedImage drawn(PixelBlock images, Augmentation augmentation)
      throws IOException {
    ContactSheet sheet =
        new ContactSheet("title\n", List.of("cat\u0007", "dog"), images, augmentation, 1);
    return ImageIO.read(new ByteArrayInputStream(sheet.draw().png()));
  }

  private static int color(BufferedImage sheet, int x, int y) {
    return sheet.getRGB(x, y) & 0xffffff;
  }

  @Test
  void showsTheOriginalFirstAndThenWhatTheNetworkSees() throws IOException {
    BufferedImage sheet = drawn(pictures(3, 8), MIRRORED);
    // Pictures of 8 are enlarged 16 times: cells of 128, eight in a row.
    assertThat(sheet.getWidth()).isEqualTo(6 + 8 * (128 + 6));
    assertThat(sheet.getHeight()).isEqualTo(TOP + 3 * (128 + 16 + 6));
    for (int row = 0; row < 3; row++) {
      int y = TOP + row * (128 + 16 + 6) + 64;
      int level = 250 - 10 * row;
      assertThat(color(sheet, 6 + 10, y)).isEqualTo(level << 16);
      assertThat(color(sheet, 6 + 118, y)).isEqualTo(level);
      for (int column = 1; column < 8; column++) {
        int left = 6 + column * (128 + 6);
        assertThat(color(sheet, left + 10, y)).isEqualTo(level);
        assertThat(color(sheet, left + 118, y)).isEqualTo(level << 16);
      }
    }
    assertThat(color(sheet, 2, TOP + 10)).isEqualTo(0xffffff);
  }

  @Test
  void showsOriginalsSideBySideWhereNothingIsAugmented() throws IOException {
    BufferedImage sheet = drawn(pictures(11, 8), Augmentation.NONE);
    assertThat(sheet.getWidth()).isEqualTo(6 + 8 * (128 + 6));
    assertThat(sheet.getHeight()).isEqualTo(TOP + 2 * (128 + 16 + 6));
    assertThat(color(sheet, 6 + 2 * 134 + 10, TOP + 150 + 64)).isEqualTo((250 - 100) << 16);
    assertThat(color(sheet, 6 + 3 * 134 + 10, TOP + 150 + 64)).isEqualTo(0xffffff);
    assertThat(
            new ContactSheet("", List.of("a", "b"), pictures(1, 4), Augmentation.NONE, 1).draws())
        .isZero();
  }

  @Test
  void shrinksLargePicturesToMeansOfAreas() throws IOException {
    BufferedImage sheet = drawn(pictures(1, 352), Augmentation.NONE);
    assertThat(sheet.getWidth()).isEqualTo(6 + 176 + 6);
    assertThat(color(sheet, 6 + 87, TOP + 5)).isEqualTo(250 << 16);
    assertThat(color(sheet, 6 + 88, TOP + 5)).isEqualTo(250);
  }

  @Test
  void isTheSameForTheSameSeed() {
    Augmentation flips = new Augmentation(null, null, 0.5, 0.5, null, null, 0, null, null, null);
    byte[] first = sheet(flips, 1);
    assertThat(sheet(flips, 1)).isEqualTo(first);
    assertThat(sheet(flips, 2)).isNotEqualTo(first);
  }

  private static byte[] sheet(Augmentation augmentation, long seed) {
    return new ContactSheet("", List.of("a", "b"), pictures(4, 6), augmentation, seed).draw().png();
  }
}
