package dev.tessera.dataset;

import dev.tessera.image.ImageSettings;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;

/**
 * What the tasks that pack a set share. Partition p is file p; of files that are there already
 * nothing is read.
 *
 * @param set {@code train}, {@code validation} or {@code test}
 * @param there files that are whole
 */
record PackTask(
    PackedPlace place,
    String set,
    PackedForm form,
    ImageSettings image,
    List<String> classNames,
    BitSet there,
    SerializableConfiguration configuration)
    implements Serializable {

  private Iterator<Integer> write(int part, ExampleCursor cursor) {
    new PartWriter(this, part).write(cursor);
    return List.of(part).iterator();
  }

  /** Executor side: the refs of a file, by rank, to that file. Returns its number. */
  record OfRefs(PackTask task, Source source)
      implements Function2<Integer, Iterator<ExampleRef>, Iterator<Integer>> {
    @Override
    public Iterator<Integer> call(Integer part, Iterator<ExampleRef> byRank) {
      if (task.there.get(part)) {
        return List.<Integer>of().iterator();
      }
      List<ExampleRef> refs = new ArrayList<>();
      byRank.forEachRemaining(refs::add);
      try (ExampleReader reader = source.open(refs, task.configuration)) {
        return task.write(part, DecodeShard.cursor(refs, reader));
      }
    }
  }

  /** Executor side: the delivered examples of a file, by rank, to that file. */
  record OfStream(PackTask task)
      implements Function2<Integer, Iterator<Delivered>, Iterator<Integer>> {
    @Override
    public Iterator<Integer> call(Integer part, Iterator<Delivered> byRank) {
      return task.there.get(part)
          ? List.<Integer>of().iterator()
          : task.write(part, DecodeStream.cursor(byRank));
    }
  }
}
