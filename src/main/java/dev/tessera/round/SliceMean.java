package dev.tessera.round;

import dev.tessera.stats.BlockSums;
import java.io.Serializable;
import java.util.Arrays;
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

  /** The values of one slice within an array, a holder so that no record has one. */
  public static final class SliceValues implements Serializable {
    private static final long serialVersionUID = 2L;

    private final float[] values;
    private final int from;

    /**
     * @param from index of the slice's first value
     */
    SliceValues(float[] values, int from) {
      this.values = values;
      this.from = from;
    }

    /** A slice by itself. */
    static SliceValues zeros(int size) {
      return new SliceValues(new float[size], 0);
    }

    float[] array() {
      return values;
    }

    int from() {
      return from;
    }

    /** The first {@code size} values by themselves. */
    SliceValues copy(int size) {
      return new SliceValues(Arrays.copyOfRange(values, from, from + size), 0);
    }

    void copyTo(SliceValues other, int size) {
      System.arraycopy(values, from, other.values, other.from, size);
    }

    /** Becomes {@code numbers} from its value {@code first} on. */
    void take(double[] numbers, int first) {
      for (int i = 0; i < numbers.length; i++) {
        values[from + first + i] = (float) numbers[i];
      }
    }
  }
}
