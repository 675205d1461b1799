package dev.tessera.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngTest {
  @Test
  void theJdkReadsBackEveryPixel() throws IOException {
    byte[] pixels = new byte[5 * 7 * 3];
    new Random(1).nextBytes(pixels);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(Png.of(5, 7, 3, pixels)));
    assertThat(image.getHeight()).isEqualTo(5);
    assertThat(image.getWidth()).isEqualTo(7);
    for (int i = 0; i < 35; i++) {
      int colour = image.getRGB(i % 7, i / 7);
      for (int channel = 0; channel < 3; channel++) {
        assertThat((byte) (colour >> (16 - 8 * channel))).isEqualTo(pixels[3 * i + channel]);
      }
    }
  }

  @Test
  void greyHasOneChannel() throws IOException {
    byte[] pixels = {0, 100, (byte) 200, (byte) 255};
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(Png.of(2, 2, 1, pixels)));
    byte[] read = (byte[]) image.getRaster().getDataElements(0, 0, 2, 2, null);
    assertThat(read).isEqualTo(pixels);
  }

  @Test
  void bytesThatAreNoPictureAreRefused() {
    assertThatThrownBy(() -> Png.of(2, 2, 3, new byte[11]))
        .hasMessage("11 bytes are no picture of 2 x 2 x 3");
  }
}
