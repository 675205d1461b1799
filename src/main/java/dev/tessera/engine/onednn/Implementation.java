package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_impl_info_str;

import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** What oneDNN chose for a primitive, by its name for it. */
final class Implementation {
  private Implementation() {}

  /** For example {@code brgconv:avx512_core}. */
  static String name(dnnl_primitive_desc description) {
    try (PointerPointer<BytePointer> text = new PointerPointer<>(1)) {
      OneDnn.check(
          dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, text),
          "name an implementation");
      return text.get(BytePointer.class, 0).getString();
    }
  }

  static int slowness(dnnl_primitive_desc description) {
    return slowness(name(description));
  }

  /**
   * 0 for what is made for the processor or is a simple pass over memory, 1 for matrix products in
   * portable C++ ({@code gemm:ref}), 2 for the reference, value by value ({@code ref:any}).
   */
  static int slowness(String name) {
    if (!name.contains("ref")) {
      return 0;
    }
    return name.startsWith("gemm:") ? 1 : 2;
  }
}
