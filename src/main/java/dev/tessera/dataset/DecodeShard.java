package dev.tessera.dataset;

import dev.tessera.image.ImageSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.TaskCompletionListener;

/** Executor side: the refs of one worker to its decoded blocks, in the order of their positions. */
record DecodeShard(Source source, ImageSettings image, SerializableConfiguration configuration)
    implements FlatMapFunction<Iterator<RankedRef>, ShardPart> {

  @Override
  public Iterator<ShardPart> call(Iterator<RankedRef> ranked) {
    List<ExampleRef> refs = byRank(ranked);
    ExampleReader reader = source.open(refs, image, configuration);
    // Null where no task runs us: the shard is then the caller's to read to its end.
    TaskContext task = TaskContext.get();
    if (task != null) {
      task.addTaskCompletionListener(new CloseReader(reader));
    }
    return new ShardParts(refs, reader, image.shape());
  }

  private static List<ExampleRef> byRank(Iterator<RankedRef> ranked) {
    List<RankedRef> all = new ArrayList<>();
    ranked.forEachRemaining(all::add);
    all.sort(Comparator.comparingLong(RankedRef::rank));
    return all.stream().map(RankedRef::ref).toList();
  }

  private record CloseReader(ExampleReader reader) implements TaskCompletionListener {
    @Override
    public void onTaskCompletion(TaskContext context) {
      reader.close();
    }
  }
}
