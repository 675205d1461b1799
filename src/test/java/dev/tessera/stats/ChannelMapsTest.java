package dev.tessera.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.network.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelMapsTest {
  private static List<Integer> greys(ChannelMaps maps) {
    List<Integer> greys = new ArrayList<>();
    for (byte pixel : maps.pixels()) {
      greys.add(pixel & 0xff);
    }
    return greys;
  }

  @Test
  void blackIsTheLeastAndWhiteTheLargestOfAllChannels() {
    float[] values = {0, 1, 2, 3, 4, 31, 0, 0, 0, 0, 0, 15.5f};
    ChannelMaps maps = ChannelMaps.of(new Shape.Image(2, 3, 2), values);
    assertThat(maps.shown()).isEqualTo(2);
    assertThat(maps.height()).isEqualTo(2);
    assertThat(maps.width()).isEqualTo(3);
    assertThat(maps.least()).isZero();
    assertThat(maps.largest()).isEqualTo(31);
    // The last one lies between two shades: 15.5 of 31 goes to the even one.
    assertThat(greys(maps)).containsExactly(0, 8, 16, 25, 33, 255, 0, 0, 0, 0, 0, 132);
  }

  @Test
  void ofManyChannelsSixteenAreShownAtEqualDistances() {
    float[] values = new float[40 * 4];
    for (int c = 0; c < 40; c++) {
      java.util.Arrays.fill(values, 4 * c, 4 * c + 4, c);
    }
    ChannelMaps maps = ChannelMaps.of(new Shape.Image(2, 2, 40), values);
    assertThat(maps.shown()).isEqualTo(16);
    assertThat(maps.pixels()).hasSize(16 * 4);
    assertThat(maps.least()).isZero();
    // 15 * 40 / 16
    assertThat(maps.largest()).isEqualTo(37);
  }

  @Test
  void largeChannelsAreShrunkToMeansOfAreas() {
    float[] values = new float[64 * 96];
    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 96; x++) {
        // Each area of 3 x 3 has a mean of its row of areas.
        int area = y / 3;
        values[y * 96 + x] = area + (x % 3 == 1 ? 3 : -1.5f);
      }
    }
    ChannelMaps maps = ChannelMaps.of(new Shape.Image(64, 96, 1), values);
    assertThat(maps.height()).isEqualTo(21);
    assertThat(maps.width()).isEqualTo(32);
    assertThat(maps.least()).isZero();
    assertThat(maps.largest()).isBetween(20f, 21f);
  }

  @Test
  void longAndNarrowChannelsKeepAPixelOfEachSide() {
    ChannelMaps maps = ChannelMaps.of(new Shape.Image(1, 200, 1), new float[200]);
    assertThat(maps.height()).isEqualTo(1);
    assertThat(maps.width()).isEqualTo(32);
  }

  @Test
  void valuesOfAVectorArePixelsOfTheirOwn() {
    ChannelMaps few = ChannelMaps.of(new Shape.Vector(3), new float[] {-1, 1, 0});
    assertThat(few.shown()).isEqualTo(3);
    assertThat(few.height()).isEqualTo(1);
    assertThat(greys(few)).containsExactly(0, 255, 132);
    assertThat(ChannelMaps.of(new Shape.Vector(2048), new float[2048]).shown()).isEqualTo(128);
  }

  @Test
  void aLayerOfOneValueIsBlack() {
    ChannelMaps dead = ChannelMaps.of(new Shape.Vector(2), new float[] {3, 3});
    assertThat(greys(dead)).containsExactly(0, 0);
    assertThat(dead.least()).isEqualTo(3);
    assertThat(dead.largest()).isEqualTo(3);
  }

  @Test
  void whatIsNotFiniteIsNoPartOfTheRange() {
    float[] values = {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 1, 2};
    ChannelMaps maps = ChannelMaps.of(new Shape.Vector(5), values);
    assertThat(maps.least()).isEqualTo(1);
    assertThat(maps.largest()).isEqualTo(2);
    assertThat(greys(maps)).containsExactly(0, 0, 255, 0, 255);
    ChannelMaps none = ChannelMaps.of(new Shape.Vector(1), new float[] {Float.NaN});
    assertThat(none.least()).isZero();
    assertThat(none.largest()).isZero();
  }

  @Test
  void ofAnotherNumberOfValuesThereAreNone() {
    assertThatThrownBy(() -> ChannelMaps.of(new Shape.Image(2, 2, 2), new float[7]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make maps of 2 x 2 x 2 from 7 values");
  }
}
