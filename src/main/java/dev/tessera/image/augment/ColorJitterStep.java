package dev.tessera.image.augment;

import dev.tessera.image.augment.Augmentation.ColorJitter;
import dev.tessera.network.Shape;
import dev.tessera.random.RandomStream;

/**
 * Brightness, contrast, saturation and hue by drawn factors, in a drawn order. What changes nothing
 * by its settings is left out, but the draws are the same.
 */
final class ColorJitterStep implements ImageStep {
  private static final int KINDS = 4;

  private final ColorJitter settings;
  private final boolean brightens;
  private final boolean contrasts;
  private final boolean saturates;
  private final boolean turnsHue;
  private final int size;
  private final int channels;
  private final int[] order = new int[KINDS];
  private final byte[] table = new byte[256];
  private final HueTurn hueTurn = new HueTurn();

  ColorJitterStep(ColorJitter settings, Shape.Image shape) {
    boolean colored = shape.channels() == Colors.CHANNELS;
    this.settings = settings;
    this.brightens = !settings.brightness().isOnly(1);
    this.contrasts = !settings.contrast().isOnly(1);
    this.saturates = colored && !settings.saturation().isOnly(1);
    this.turnsHue = colored && !settings.hue().isOnly(0);
    this.size = shape.size();
    this.channels = shape.channels();
  }

  @Override
  public void apply(byte[] pixels, int offset, RandomStream random) {
    shuffle(random);
    double brightness = settings.brightness().draw(random);
    double contrast = settings.contrast().draw(random);
    double saturation = settings.saturation().draw(random);
    double hue = settings.hue().draw(random);
    for (int i = 0; i < KINDS; i++) {
      int kind = order[i];
      if (kind == 0 && brightens) {
        brighten(pixels, offset, brightness);
      } else if (kind == 1 && contrasts) {
        contrast(pixels, offset, contrast);
      } else if (kind == 2 && saturates) {
        saturate(pixels, offset, saturation);
      } else if (kind == 3 && turnsHue) {
        hueTurn.apply(pixels, offset, size, (float) hue);
      }
    }
  }

  private void shuffle(RandomStream random) {
    for (int i = 0; i < KINDS; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
  }

  void brighten(byte[] pixels, int offset, double factor) {
    float slope = (float) factor;
    for (int value = 0; value < table.length; value++) {
      table[value] = Colors.cut(value * slope);
    }
    lookUp(pixels, offset);
  }

  /** Away from the mean brightness of the picture, or towards it. */
  void contrast(byte[] pixels, int offset, double factor) {
    float slope = (float) factor;
    float rest = (float) (1 - factor) * mean(pixels, offset);
    for (int value = 0; value < table.length; value++) {
      table[value] = Colors.cut(value * slope + rest);
    }
    lookUp(pixels, offset);
  }

  private float mean(byte[] pixels, int offset) {
    long sum = 0;
    if (channels == Colors.CHANNELS) {
      for (int i = offset; i < offset + size; i += Colors.CHANNELS) {
        sum += Colors.gray(pixels, i);
      }
    } else {
      for (int i = offset; i < offset + size; i++) {
        sum += pixels[i] & 0xff;
      }
    }
    int values = channels == Colors.CHANNELS ? size / Colors.CHANNELS : size;
    return (float) ((double) sum / values);
  }

  /** Away from the picture without colours, or towards it. */
  void saturate(byte[] pixels, int offset, double factor) {
    float slope = (float) factor;
    float rest = (float) (1 - factor);
    for (int i = offset; i < offset + size; i += Colors.CHANNELS) {
      float gray = rest * Colors.gray(pixels, i);
      pixels[i] = Colors.cut((pixels[i] & 0xff) * slope + gray);
      pixels[i + 1] = Colors.cut((pixels[i + 1] & 0xff) * slope + gray);
      pixels[i + 2] = Colors.cut((pixels[i + 2] & 0xff) * slope + gray);
    }
  }

  private void lookUp(byte[] pixels, int offset) {
    for (int i = offset; i < offset + size; i++) {
      pixels[i] = table[pixels[i] & 0xff];
    }
  }
}
