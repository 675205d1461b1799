package dev.tessera.round;

import dev.tessera.engine.ReplicaState;
import dev.tessera.engine.Workload;
import dev.tessera.round.SliceMean.SliceValues;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the reducer of a slice gives the driver.
 *
 * @param mean null if no worker counts
 * @param reports of all workers in worker order, with slice 0 alone
 */
public record SliceResult(int index, @Nullable SliceMean mean, List<WorkerReport> reports)
    implements Serializable {
  public SliceResult {
    reports = List.copyOf(reports);
  }

  /** Averages the parts of one slice, which come in any order. */
  public static SliceResult of(Workload workload, ReplicaState before, List<ReplicaSlice> parts) {
    List<ReplicaSlice> ordered =
        parts.stream().sorted(Comparator.comparingInt(part -> part.report().worker())).toList();
    int index = ordered.get(0).index();
    List<WorkerReport> reports =
        index == 0 ? ordered.stream().map(ReplicaSlice::report).toList() : List.of();
    List<ReplicaSlice> counting = ordered.stream().filter(part -> part.report().counts()).toList();
    if (counting.isEmpty()) {
      return new SliceResult(index, null, reports);
    }
    Slice slice = Averaging.slices(workload).get(index);
    SliceMean mean =
        Averaging.mean(
            slice,
            Averaging.values(slice, before),
            counting.stream().map(ReplicaSlice::values).toList(),
            counting.stream().map(part -> part.report().examples()).toList(),
            SliceValues.zeros(slice.size()));
    return new SliceResult(index, mean, reports);
  }
}
