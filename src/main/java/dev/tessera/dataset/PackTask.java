package dev.tessera.dataset;

import dev.tessera.image.ImageSettings;
import java.util.BitSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

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
    implements Dealt.Task<Integer> {

  @Override
  public Iterator<Integer> call(int part, ExampleCursor examples) {
    if (there.get(part)) {
      return Collections.emptyIterator();
    }
    new PartWriter(this, part).write(examples);
    return List.of(part).iterator();
  }
}
