package dev.tessera.round;

import dev.tessera.stats.BlockSums;
import java.io.Serializable;
import java.util.List;

/**
 * The average of one slice.
 *
 * @param sums one for every piece of the slice
 */
public record SliceMean(int index, SliceValues values, List<BlockSums> sums)
    implements Serializable {
  public SliceMean {
    sums = List.copyOf(sums);
  }

  /** The values of one slice, a holder so that no record has an array. */
  public static final class SliceValues implements Serializable {
    private static final long serialVersionUID = 1L;

    private final float[] values;

    SliceValues(float[] values) {
      this.values = values;
    }

    float[] array() {
      return values;
    }
  }
}
