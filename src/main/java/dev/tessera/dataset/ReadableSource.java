package dev.tessera.dataset;

import java.util.List;

/** A source whose examples are read by their origins, where the worker is that has them. */
non-sealed interface ReadableSource extends Source {

  /** On an executor: a reader for these examples of one shard. The caller closes it. */
  ExampleReader open(List<ExampleRef> refs, SerializableConfiguration configuration);
}
