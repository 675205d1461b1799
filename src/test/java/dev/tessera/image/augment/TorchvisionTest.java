package dev.tessera.image.augment;

import static dev.tessera.image.augment.Pictures.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.image.augment.Augmentation.Affine;
import dev.tessera.image.augment.Augmentation.ColorJitter;
import dev.tessera.image.augment.Augmentation.Interpolation;
import dev.tessera.image.augment.Augmentation.PaddingMode;
import dev.tessera.image.augment.Augmentation.RandomCrop;
import dev.tessera.image.augment.Augmentation.RandomResizedCrop;
import dev.tessera.network.Shape;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What torchvision 0.29.1 (PyTorch 2.13.0) gives for a picture of 4 x 5 x 3 by the functions of
 * {@code torchvision.transforms.v2.functional} of these names, as bytes.
 */
class TorchvisionTest {
  private static final Shape.Image SHAPE = new Shape.Image(4, 5, 3);

  private final byte[] buffer = new byte[SHAPE.size()];
  private final ColorJitterStep jitter =
      new ColorJitterStep(
          new ColorJitter(Settings.ONE, Settings.ONE, Settings.ONE, Settings.ZERO), SHAPE);

  private static byte[] changed(Consumer<byte[]> change) {
    byte[] pixels = Pictures.stripes(SHAPE);
    change.accept(pixels);
    return pixels;
  }

  @Test
  void adjustBrightness() {
    assertThat(hex(changed(pixels -> jitter.brighten(pixels, 0, 1.3))))
        .isEqualTo(
            "165b9fe4ff2166abf0ff2d72b7fcff397ec3ff004489ceff0b5095daff175ca1e6ff2368acf1ff2e73b8fd"
                + "ff3a7fc4ff01468bd0ff0d5196dbff185d");
  }

  @Test
  void adjustContrast() {
    assertThat(hex(changed(pixels -> jitter.contrast(pixels, 0, 0.6))))
        .isEqualTo(
            "3a5a7a99b93f5f7f9fbf456584a4c44a6a8aaa30506f8faf35557595b43b5a7a9aba4060809fbf456585a5"
                + "c54b6b8aaa30507090b036567595b53b5b");
    assertThat(hex(changed(pixels -> jitter.contrast(pixels, 0, 1.7))))
        .isEqualTo(
            "00227cd6ff00318ce6ff00419bf5ff0050aaff00055fb9ff00156fc9ff00247ed8ff00338de7ff00429df7"
                + "ff0052acff000761bbff001670caff0026");
  }

  @Test
  void adjustContrastOfOneChannel() {
    Shape.Image shape = new Shape.Image(4, 5, 1);
    byte[] pixels = new byte[shape.size()];
    byte[] colored = Pictures.stripes(SHAPE);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = colored[3 * i];
    }
    new ColorJitterStep(
            new ColorJitter(Settings.ONE, Settings.ONE, Settings.ONE, Settings.ZERO), shape)
        .contrast(pixels, 0, 0.6);
    assertThat(hex(pixels)).isEqualTo("3a995fbe844aa96f35945ab97f45a46a308f55b5");
  }

  @Test
  void adjustSaturation() {
    assertThat(hex(changed(pixels -> jitter.saturate(pixels, 0, 0.3))))
        .isEqualTo(
            "2f3f4eb9c98c6d7d8c8e5161abbbca4a5a696b2e3e8898a7273746b1c184657584864959a3b3c2425261cc"
                + "dc9f80909f1f2f3ea9b97c5d6d7c7e4151");
    // One off where PyTorch's fused multiplication and addition rounds a whole number down.
    assertWithinOne(
        changed(pixels -> jitter.saturate(pixels, 0, 1.8)),
        "004eada5ff002c8bebff004d6ac9ff0968c8ff002a47a6ff0046a59dfc002484e3ff004562c1ff0160c0b8"
            + "ff003f9efe003d9d95f4001c7bdbff003d");
  }

  @Test
  void adjustHue() {
    HueTurn turn = new HueTurn();
    assertThat(hex(changed(pixels -> turn.apply(pixels, 0, pixels.length, 0.2f))))
        .isEqualTo(
            "5b117b1ae578994fb9eee223d88df7762c96cbbf00b46ad453097312dd709147b1e6da1bd085ef6e248e2d"
                + "f88bac62cc4b016b0ad568893fa9ded213");
    assertThat(hex(changed(pixels -> turn.apply(pixels, 0, pixels.length, -0.37f))))
        .isEqualTo(
            "5d7b11e51add9bb94f2385eedaf78d78962c0062cbb7d46a557309dd12d593b1471b7de6d2ef85708e24f8"
                + "2df0afcc624d6b01d50acd8ba93f1375de");
  }

  @Test
  void rgbToGrayscale() {
    RandomStream random = RandomStream.of(1, Purpose.AUGMENTATION);
    GrayscaleStep step = new GrayscaleStep(1, SHAPE);
    assertThat(hex(changed(pixels -> step.apply(pixels, 0, random))))
        .isEqualTo(
            "3c3c3cbdbdbd7a7a7a656565b8b8b8575757424242959595343434b5b5b57272725d5d5db0b0b04f4f4fd0"
                + "d0d08d8d8d2c2c2cadadad6a6a6a555555");
  }

  /** Bilinear away from the border, where torchvision weighs what lies beside the picture twice. */
  @Test
  void affine() {
    Affine settings = new Affine(Settings.ZERO, 0, 0, Settings.ONE, Interpolation.NEAREST, 9);
    AffineStep nearest = new AffineStep(settings, SHAPE, buffer);
    assertThat(hex(changed(pixels -> nearest.warp(pixels, 0, 30, 1, -1, 1.2))))
        .isEqualTo(
            "477cb1477cb1e61b506a9fd4093e736297cc01366be61b5085baef093e7309090901366ba0d50a3f74a924"
                + "598e0909090909090909093f74a9de1348");
    AffineStep bilinear =
        new AffineStep(
            new Affine(Settings.ZERO, 0, 0, Settings.ONE, Interpolation.BILINEAR, 9),
            SHAPE,
            buffer);
    byte[] pixels = changed(picture -> bilinear.warp(picture, 0, 30, 1, -1, 1.2));
    assertThat(hex(pixels).substring(6, 18)).isEqualTo("7e598ed31a4f");
    assertThat(hex(pixels).substring(36, 54)).isEqualTo("4b457a9a70826da2d7");
  }

  /** Torchvision's weights for bytes are coarser: one off, here and there. */
  @Test
  void resizedCrop() {
    ResizedCropStep step =
        new ResizedCropStep(new RandomResizedCrop(Settings.ONE, Settings.ONE), SHAPE, buffer);
    byte[] pixels = changed(picture -> step.resize(picture, 0, 1, 2, 2, 3));
    assertWithinOne(
        pixels,
        "6a9fd44378ad093e73689d39a8dd1271a6db4a7fb410457a6fa440afe4197eb3e8578cc11d52877cb1"
            + "4dbcf12685baef5e93c824598e83b854c3f82d");
  }

  private static void assertWithinOne(byte[] pixels, String hex) {
    byte[] expected = HexFormat.of().parseHex(hex);
    assertThat(pixels).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs((pixels[i] & 0xff) - (expected[i] & 0xff))).isLessThanOrEqualTo(1);
    }
  }

  /** The window at row 0 and column 1 of the picture with a border of 2. */
  @ParameterizedTest
  @CsvSource({
    "REFLECT,"
        + " e61b50477cb1e61b5085baef24598ecb00352c6196cb00356a9fd4093e73b0e51a11467bb0e51a4f84b9ee23"
        + "58cb00352c6196cb00356a9fd4093e73",
    "SYMMETRIC,"
        + " 2c61962c6196cb00356a9fd4093e7311467b11467bb0e51a4f84b9ee235811467b11467bb0e51a4f84b9ee23"
        + "582c61962c6196cb00356a9fd4093e73",
    "EDGE,"
        + " 11467b11467bb0e51a4f84b9ee235811467b11467bb0e51a4f84b9ee235811467b11467bb0e51a4f84b9ee23"
        + "582c61962c6196cb00356a9fd4093e73",
    "CONSTANT,"
        + " 0707070707070707070707070707070707070707070707070707070707070707071146"
        + "7bb0e51a4f84b9ee23580707072c6196cb00356a9fd4093e73"
  })
  void padded(PaddingMode mode, String expected) {
    CropStep step = new CropStep(new RandomCrop(2, 7, mode), SHAPE, buffer);
    assertThat(hex(changed(pixels -> step.crop(pixels, 0, 0, 1)))).isEqualTo(expected);
  }
}
