package dev.tessera.dataset;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** An iterator over what is found one by one, so that nothing but the next has to be in memory. */
abstract class FoundIterator<T> implements Iterator<T> {
  private @Nullable T next;
  private boolean ended;

  /** The next element, or null at the end; not called again after that. */
  abstract @Nullable T find();

  @Override
  public final boolean hasNext() {
    if (next == null && !ended) {
      next = find();
      ended = next == null;
    }
    return next != null;
  }

  @Override
  public final T next() {
    if (!hasNext()) {
      throw new NoSuchElementException("There are no more elements");
    }
    T found = next;
    next = null;
    if (found == null) {
      throw new IllegalStateException("An element was taken by another thread");
    }
    return found;
  }
}
