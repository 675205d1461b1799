package dev.tessera.dataset;

import dev.tessera.image.DecodeFailure;
import dev.tessera.image.ExampleBlock;
import dev.tessera.image.ImageSettings;
import dev.tessera.image.PixelBlock;
import dev.tessera.image.PixelScaling;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings and views that the tests of this package share. */
final class Sets {
  static final long SEED = 42;

  private Sets() {}

  static ImageSettings image(int height, int width, int channels) {
    return new ImageSettings(
        height, width, channels, PixelScaling.Kind.UNIT, ImageSettings.DEFAULT_MAX_PIXELS);
  }

  static DatasetSettings train(Location train) {
    return settings(train, null, 0, 0);
  }

  static DatasetSettings settings(
      Location train, @Nullable Location test, double validationFraction, double testFraction) {
    return new DatasetSettings(train, null, test, validationFraction, testFraction, 0.01);
  }

  static BadImage bad(String origin, String reason, long sizeBytes) {
    return new BadImage(new ExampleRef(origin, 0), new DecodeFailure(reason, sizeBytes));
  }

  /** Every shard as lines "origin label pixels", in order. */
  static List<List<String>> view(Shards shards) {
    List<List<String>> view = new ArrayList<>();
    for (List<ExampleBlock> blocks : shards.blocks().glom().collect()) {
      List<String> shard = new ArrayList<>();
      for (ExampleBlock example : blocks) {
        PixelBlock block = (PixelBlock) example;
        for (int i = 0; i < block.size(); i++) {
          byte[] pixels = new byte[block.shape().size()];
          block.copyPixels(i, pixels, 0);
          shard.add(
              block.origin(i)
                  + " "
                  + block.label(i)
                  + " "
                  + java.util.HexFormat.of().formatHex(pixels));
        }
      }
      view.add(shard);
    }
    return view;
  }
}
