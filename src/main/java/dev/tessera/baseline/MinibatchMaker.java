package dev.tessera.baseline;

import dev.tessera.engine.Workload;
import dev.tessera.engine.nd4j.Dl4jDataSets;
import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelBlock;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.DataSet;

/** Cuts one shard into minibatches in the order of its examples; the last may be smaller. */
final class MinibatchMaker implements FlatMapFunction<Iterator<PixelBlock>, DataSet> {
  private static final long serialVersionUID = 1L;

  private final Workload workload;

  MinibatchMaker(Workload workload) {
    this.workload = workload;
  }

  @Override
  public Iterator<DataSet> call(Iterator<PixelBlock> blocks) {
    return new Minibatches(workload, blocks);
  }

  private static final class Minibatches implements Iterator<DataSet> {
    private final Workload workload;
    private final Iterator<PixelBlock> blocks;
    private final Minibatch minibatch;
    private @Nullable PixelBlock block;
    private int next;

    Minibatches(Workload workload, Iterator<PixelBlock> blocks) {
      this.workload = workload;
      this.blocks = blocks;
      this.minibatch = new Minibatch(workload.network().input(), workload.batchSize());
    }

    @Override
    public boolean hasNext() {
      return example() != null;
    }

    @Override
    public DataSet next() {
      if (!hasNext()) {
        throw new NoSuchElementException("The shard has no more examples");
      }
      minibatch.clear();
      for (PixelBlock source = example();
          source != null && minibatch.size() < workload.batchSize();
          source = example()) {
        minibatch.add(source, next++);
      }
      return Dl4jDataSets.of(minibatch, workload);
    }

    /** The block that has example {@code next}, or null at the end of the shard. */
    private @Nullable PixelBlock example() {
      while (block == null || next == block.size()) {
        if (!blocks.hasNext()) {
          return null;
        }
        block = blocks.next();
        next = 0;
      }
      return block;
    }
  }
}
