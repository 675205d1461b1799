package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_destroy;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Owns oneDNN's handles and native memory, and releases them in reverse order.
 *
 * <p>oneDNN's handles are plain addresses to JavaCPP: nothing frees them unless it is told to.
 */
final class NativeScope implements AutoCloseable {
  private final Deque<Runnable> releases = new ArrayDeque<>();

  dnnl_memory_desc own(dnnl_memory_desc handle) {
    releases.push(() -> dnnl_memory_desc_destroy(handle));
    return handle;
  }

  dnnl_memory own(dnnl_memory handle) {
    releases.push(() -> dnnl_memory_destroy(handle));
    return handle;
  }

  dnnl_primitive_desc own(dnnl_primitive_desc handle) {
    releases.push(() -> dnnl_primitive_desc_destroy(handle));
    return handle;
  }

  dnnl_primitive own(dnnl_primitive handle) {
    releases.push(() -> dnnl_primitive_destroy(handle));
    return handle;
  }

  dnnl_primitive_attr own(dnnl_primitive_attr handle) {
    releases.push(() -> dnnl_primitive_attr_destroy(handle));
    return handle;
  }

  dnnl_post_ops own(dnnl_post_ops handle) {
    releases.push(() -> dnnl_post_ops_destroy(handle));
    return handle;
  }

  dnnl_stream own(dnnl_stream handle) {
    releases.push(() -> dnnl_stream_destroy(handle));
    return handle;
  }

  /** Memory that JavaCPP allocated. */
  <P extends Pointer> P ownMemory(P memory) {
    releases.push(memory::close);
    return memory;
  }

  /** New memory of its own. */
  NativeMemory memory(long bytes) {
    NativeMemory memory = new NativeMemory(bytes);
    releases.push(memory::close);
    return memory;
  }

  /** May be called twice. Releases all even if one fails, and throws the first failure. */
  @Override
  public void close() {
    @Nullable RuntimeException failure = null;
    while (!releases.isEmpty()) {
      try {
        releases.pop().run();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
