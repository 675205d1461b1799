package dev.tessera.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ChannelMomentsTest {

  @Test
  void equalsTheDefinitionOnEveryChannel() {
    byte[] pixels = new byte[3 * 1000];
    new Random(7).nextBytes(pixels);
    ChannelMoments moments = new ChannelMoments(3);
    moments.add(pixels);
    for (int c = 0; c < 3; c++) {
      double mean = 0;
      for (int i = c; i < pixels.length; i += 3) {
        mean += (pixels[i] & 0xff) / 1000.0;
      }
      double variance = 0;
      for (int i = c; i < pixels.length; i += 3) {
        variance += Math.pow((pixels[i] & 0xff) - mean, 2) / 1000;
      }
      // The definition itself is rounded a thousand times.
      assertThat(moments.means().get(c)).isCloseTo(mean, within(1e-9));
      assertThat(moments.deviations().get(c)).isCloseTo(Math.sqrt(variance), within(1e-9));
    }
  }

  @Test
  void hasTheSameBitsInAnyOrder() {
    byte[] first = new byte[999];
    byte[] second = new byte[300];
    new Random(1).nextBytes(first);
    new Random(2).nextBytes(second);
    ChannelMoments whole = new ChannelMoments(3);
    whole.add(first);
    whole.add(second);
    ChannelMoments parts = new ChannelMoments(3);
    ChannelMoments part = new ChannelMoments(3);
    parts.add(second);
    part.add(first);
    parts.add(part);
    assertThat(parts.pixels()).isEqualTo(433);
    assertThat(parts.means()).isEqualTo(whole.means());
    assertThat(parts.deviations()).isEqualTo(whole.deviations());
  }

  @Test
  void staysExactWhereTheSquaredSumOutgrowsALong() {
    byte[] white = new byte[1 << 20];
    java.util.Arrays.fill(white, (byte) 255);
    ChannelMoments moments = new ChannelMoments(1);
    for (int i = 0; i < 200; i++) {
      moments.add(white);
    }
    assertThat(moments.means()).containsExactly(255.0);
    assertThat(moments.deviations()).containsExactly(0.0);
  }

  @Test
  void refusesNoPicturesAndBrokenOnes() {
    ChannelMoments moments = new ChannelMoments(3);
    assertThatThrownBy(moments::means).hasMessage("Cannot take the moments of no pictures");
    assertThatThrownBy(() -> moments.add(new byte[4]))
        .hasMessage("Invalid picture of 4 bytes: not a multiple of 3");
  }
}
