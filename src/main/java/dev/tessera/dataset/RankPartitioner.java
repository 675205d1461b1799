package dev.tessera.dataset;

import org.apache.spark.Partitioner;

/** Sends an example by its rank to the partition of its worker and segment. */
final class RankPartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int workers;
  private final int segmentExamples;
  private final int partitions;

  RankPartitioner(Dealing dealing, long examples) {
    workers = dealing.workers();
    segmentExamples = dealing.segmentExamples();
    partitions = dealing.partitions(examples);
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object rank) {
    return new Dealing(workers, segmentExamples).partition((Long) rank);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RankPartitioner that
        && workers == that.workers
        && segmentExamples == that.segmentExamples
        && partitions == that.partitions;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * workers + segmentExamples) + partitions;
  }
}
