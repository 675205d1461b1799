package dev.tessera.engine.onednn;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Copies the values of a group of examples to their place among those of all. */
final class GroupValues {
  private final StepContext step;
  private final Tensor group;
  private final Tensor all;
  private @Nullable ByteBuffer from;
  private @Nullable ByteBuffer to;

  /** Both of one layout, an example after the other. */
  GroupValues(StepContext step, Tensor group, Tensor all) {
    this.step = step;
    this.group = group;
    this.all = all;
  }

  void link() {
    from = group.content();
    to = all.content();
  }

  void copy() {
    ByteBuffer values = Objects.requireNonNull(from);
    int example = values.capacity() / (int) group.dimensions[0];
    Objects.requireNonNull(to).put(step.firstExample * example, values, 0, values.capacity());
  }
}
