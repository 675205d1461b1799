package dev.tessera.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.network.Shape;
import java.awt.Color;
import org.junit.jupiter.api.Test;

class MinibatchTest {
  private static final Shape.Image SHAPE = new Shape.Image(2, 2, 3);

  private static final ExampleBlock FILE =
      new EncodedBlock(
          new byte[][] {PictureFiles.plain(3, 3, new Color(1, 2, 3))},
          new int[] {5},
          new String[] {"a.png"});

  @Test
  void takesAFileAsPixelsOfItsShape() {
    Minibatch minibatch = new Minibatch(SHAPE, 2);
    try (BlockDecoder decoder = new BlockDecoder(ImageSettings.of(SHAPE))) {
      minibatch.add(FILE, 0, decoder);
    }
    assertThat(minibatch.size()).isEqualTo(1);
    assertThat(minibatch.labels()[0]).isEqualTo(5);
    assertThat(minibatch.pixels()).startsWith(1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3).endsWith(0, 0);
  }

  @Test
  void refusesADecoderOfAnotherShape() {
    Minibatch minibatch = new Minibatch(SHAPE, 2);
    // Of fewer pixels: they would fit, and the rest would be those of the step before.
    Shape.Image other = new Shape.Image(1, 2, 3);
    try (BlockDecoder decoder = new BlockDecoder(ImageSettings.of(other))) {
      assertThatThrownBy(() -> minibatch.add(FILE, 0, decoder))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Cannot add a picture of 1 x 2 x 3 to a minibatch of 2 x 2 x 3");
    }
    assertThat(minibatch.size()).isZero();
  }
}
