package dev.tessera.round;

import dev.tessera.engine.Workload;
import dev.tessera.round.SliceMean.SliceValues;
import java.io.Serializable;
import java.util.stream.Stream;

/**
 * One slice of one worker's replica on its way to the reducer of that slice. Every worker sends
 * slice 0 at least, which carries its report even where its replica does not count.
 */
public record ReplicaSlice(int index, WorkerReport report, SliceValues values)
    implements Serializable {

  /**
   * The slices of a replica, each made when it is asked for; only an empty slice 0 if it does not
   * count.
   */
  public static Stream<ReplicaSlice> cut(Workload workload, WorkerResult result) {
    if (!result.report().counts()) {
      return Stream.of(new ReplicaSlice(0, result.report(), SliceValues.zeros(0)));
    }
    return Averaging.slices(workload).stream()
        .map(
            slice ->
                new ReplicaSlice(
                    slice.index(),
                    result.report(),
                    Averaging.values(slice, result.state()).copy(slice.size())));
  }
}
