package dev.tessera.round;

import dev.tessera.network.NetworkPlan;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.ParameterRole;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of the flat state vector (parameters, then updater state) that is averaged by itself.
 *
 * <p>Replicas are always averaged slice by slice, on the driver or spread over the cluster: the
 * same slices in the same arithmetic give the same bits on both ways. A slice never parts the
 * running mean of a batch norm from its running variance, which are averaged together.
 *
 * @param from first index of the slice in the state vector
 * @param to index after its last
 * @param pieces the parameter blocks, or parts of them, that it covers, in order; none for updater
 *     state
 */
record Slice(int index, int from, int to, List<Piece> pieces) implements Serializable {
  /** Most values of a slice: 4 MB, large enough to hide what handling one costs. */
  static final int MAX_VALUES = 1 << 20;

  Slice {
    pieces = List.copyOf(pieces);
  }

  int size() {
    return to - from;
  }

  /**
   * A part of one parameter block.
   *
   * @param block index of the block in {@link NetworkPlan#blocks()}
   * @param from first index in the state vector
   */
  record Piece(int block, ParameterRole role, int from, int to) implements Serializable {}

  /**
   * Cuts the state of a network with {@code updaterStateCount} values of updater state into slices
   * of at most {@code maxValues} where that is possible.
   */
  static List<Slice> cut(NetworkPlan network, int updaterStateCount, int maxValues) {
    Cutter cutter = new Cutter(maxValues);
    List<ParameterBlock> blocks = network.blocks();
    for (int b = 0; b < blocks.size(); b++) {
      ParameterBlock block = blocks.get(b);
      if (block.role() == ParameterRole.RUNNING_MEAN) {
        cutter.keepTogether(2 * block.size());
      }
      cutter.add(b, block.role(), block.offset(), block.end());
    }
    cutter.finish();
    int parameters = network.parameterCount();
    int end = Math.addExact(parameters, updaterStateCount);
    int from = parameters;
    while (from < end) {
      int to = from + Math.min(maxValues, end - from);
      cutter.updater(from, to);
      from = to;
    }
    return cutter.slices;
  }

  private static final class Cutter {
    private final int maxValues;
    private final List<Slice> slices = new ArrayList<>();
    private List<Piece> pieces = new ArrayList<>();
    private int from;
    private int to;
    private int together;

    Cutter(int maxValues) {
      this.maxValues = maxValues;
    }

    /** The next {@code values} values belong into one slice. */
    void keepTogether(int values) {
      if (to - from + values > maxValues) {
        finish();
      }
      together = values;
    }

    void add(int block, ParameterRole role, int blockFrom, int blockTo) {
      int next = blockFrom;
      while (next < blockTo) {
        int room = together > 0 ? blockTo - next : maxValues - (to - from);
        int end = Math.min(blockTo, next + Math.min(room, blockTo - next));
        pieces.add(new Piece(block, role, next, end));
        together = Math.max(0, together - (end - next));
        to = end;
        next = end;
        if (to - from >= maxValues && together == 0) {
          finish();
        }
      }
    }

    void finish() {
      if (to > from) {
        slices.add(new Slice(slices.size(), from, to, pieces));
      }
      pieces = new ArrayList<>();
      from = to;
    }

    void updater(int sliceFrom, int sliceTo) {
      slices.add(new Slice(slices.size(), sliceFrom, sliceTo, List.of()));
    }
  }
}
