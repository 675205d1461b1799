package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_a;
import static org.bytedeco.dnnl.global.dnnl.dnnl_aBcd16b;
import static org.bytedeco.dnnl.global.dnnl.dnnl_aBcd8b;
import static org.bytedeco.dnnl.global.dnnl.dnnl_ab;
import static org.bytedeco.dnnl.global.dnnl.dnnl_abcd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_abcde;
import static org.bytedeco.dnnl.global.dnnl.dnnl_acdb;
import static org.bytedeco.dnnl.global.dnnl.dnnl_format_tag_any;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_create_submemory;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_create_with_strides;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_create_with_tag;

import java.util.Arrays;
import org.bytedeco.dnnl.dnnl_memory_desc;

/** Makes oneDNN's memory descriptors; they belong to the given scope. */
final class Layouts {
  private static final int[] PLAIN = {0, dnnl_a, dnnl_ab, 0, dnnl_abcd, dnnl_abcde};

  private final NativeScope scope;

  /** A layout whatever the dimensions. */
  interface Kind {
    dnnl_memory_desc of(int type, long... dimensions);
  }

  Layouts(NativeScope scope) {
    this.scope = scope;
  }

  /** Whatever the primitive likes best. */
  dnnl_memory_desc any(int type, long... dimensions) {
    return tagged(type, dnnl_format_tag_any, dimensions);
  }

  /** The last dimension innermost, as Java's and DL4J's c order. */
  dnnl_memory_desc plain(int type, long... dimensions) {
    return tagged(type, PLAIN[dimensions.length], dimensions);
  }

  /** Channels innermost, of NCHW dimensions. */
  dnnl_memory_desc channelsLast(int type, long... dimensions) {
    return tagged(type, dnnl_acdb, dimensions);
  }

  /**
   * How many channels oneDNN puts into a block on this processor: as many floats as a vector holds,
   * or 8 where vectors are shorter.
   */
  static int block() {
    return OneDnn.hasAvx512() ? 16 : 8;
  }

  /**
   * Of NCHW dimensions: block after block of channels, each with its rows one after the other, the
   * channels of a block innermost.
   */
  dnnl_memory_desc blocked(int type, long... dimensions) {
    return tagged(type, block() == 16 ? dnnl_aBcd16b : dnnl_aBcd8b, dimensions);
  }

  private dnnl_memory_desc tagged(int type, int tag, long... dimensions) {
    dnnl_memory_desc layout = new dnnl_memory_desc();
    OneDnn.check(
        dnnl_memory_desc_create_with_tag(layout, dimensions.length, dimensions, type, tag),
        "describe a tensor of " + Arrays.toString(dimensions));
    return scope.own(layout);
  }

  /** Strides in values, one a dimension. */
  dnnl_memory_desc strided(int type, long[] dimensions, long[] strides) {
    dnnl_memory_desc layout = new dnnl_memory_desc();
    OneDnn.check(
        dnnl_memory_desc_create_with_strides(layout, dimensions.length, dimensions, type, strides),
        "describe a tensor of " + Arrays.toString(dimensions));
    return scope.own(layout);
  }

  /** A box within a tensor. */
  dnnl_memory_desc part(dnnl_memory_desc whole, long[] dimensions, long[] from) {
    dnnl_memory_desc layout = new dnnl_memory_desc();
    OneDnn.check(
        dnnl_memory_desc_create_submemory(layout, whole, dimensions, from),
        "describe a part of a tensor, " + Arrays.toString(dimensions));
    return scope.own(layout);
  }
}
