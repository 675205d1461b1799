package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * Sum or product of two tensors, value by value.
 *
 * <p>Before AVX2 oneDNN's kernels take plain layouts alone, on arm64 without SVE there are none:
 * tensors of one layout are then one long row of values to it, or to a loop in Java.
 */
final class PairwiseStage {
  private final Emission e;
  private final int algorithm;
  private final Tensor first;
  private final Tensor second;
  private final Tensor into;
  private final FusedOperations fused;
  private final String name;

  /**
   * @param algorithm oneDNN's, of sum or product
   * @param into may be {@code first}
   */
  PairwiseStage(
      Emission e,
      int algorithm,
      Tensor first,
      Tensor second,
      Tensor into,
      FusedOperations fused,
      String name) {
    this.e = e;
    this.algorithm = algorithm;
    this.first = first;
    this.second = second;
    this.into = into;
    this.fused = fused;
    this.name = name;
  }

  void emit() {
    into.copies.clear();
    dnnl_primitive_desc asTheyAre = describe(first.layout, second.layout, into.layout);
    if (Implementation.slowness(asTheyAre) == 0) {
      add(asTheyAre, first, second, into);
      return;
    }
    if (!alike()) {
      if (addedAsBlocks()) {
        e.program.scope.own(asTheyAre);
      } else {
        add(asTheyAre, first, second, into);
      }
      return;
    }
    e.program.scope.own(asTheyAre);
    if (fused.readsNoTensor() && addedAsRows()) {
      return;
    }
    addInJava();
    fused.apart(into, name);
  }

  /** Whether equal places in memory are equal places in the tensors, with nothing between. */
  private boolean alike() {
    return e.type == dnnl_f32
        && first.hasLayout(second.layout)
        && first.hasLayout(into.layout)
        && first.bytes == Emission.product(first.dimensions) * Float.BYTES;
  }

  /** Adds it with the second tensor called blocked, if that is one float a channel. */
  private boolean addedAsBlocks() {
    long[] dimensions = second.dimensions;
    if (dimensions.length != 4
        || Emission.product(dimensions) != dimensions[1]
        || dimensions[1] % Layouts.block() != 0
        || !second.hasLayout(e.layouts().plain(dnnl_f32, dimensions))) {
      return false;
    }
    // The same bytes, but blocked tensors have fast code for blocked ones alone.
    dnnl_memory_desc blocked = e.layouts().blocked(dnnl_f32, dimensions);
    dnnl_primitive_desc asBlocks = describe(first.layout, blocked, into.layout);
    if (Implementation.slowness(asBlocks) > 0) {
      e.program.scope.own(asBlocks);
      return false;
    }
    add(asBlocks, first, e.program.view(second, 0, blocked, dimensions), into);
    return true;
  }

  private boolean addedAsRows() {
    long values = Emission.product(first.dimensions);
    dnnl_memory_desc row = e.layouts().plain(dnnl_f32, values);
    dnnl_primitive_desc asRows = describe(row, row, row);
    if (Implementation.slowness(asRows) > 0) {
      e.program.scope.own(asRows);
      return false;
    }
    add(
        asRows,
        e.program.view(first, 0, row, values),
        e.program.view(second, 0, row, values),
        e.program.view(into, 0, row, values));
    return true;
  }

  private dnnl_primitive_desc describe(
      dnnl_memory_desc ofFirst, dnnl_memory_desc ofSecond, dnnl_memory_desc ofResult) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    OneDnn.check(
        dnnl_binary_primitive_desc_create(
            description,
            OneDnn.engine(),
            algorithm,
            ofFirst,
            ofSecond,
            ofResult,
            fused.attributes()),
        "make " + name);
    return description;
  }

  private void add(dnnl_primitive_desc description, Tensor a, Tensor b, Tensor result) {
    e.program.add(
        name,
        description,
        fused.addTo(
            Arguments.of(DNNL_ARG_SRC_0, a).and(DNNL_ARG_SRC_1, b).and(DNNL_ARG_DST, result)));
  }

  private void addInJava() {
    boolean sum = algorithm == dnnl_binary_add;
    FloatBuffer[] at = new FloatBuffer[3];
    e.program.add(
        Operation.java(
            name,
            () -> {
              at[0] = first.floats();
              at[1] = second.floats();
              at[2] = into.floats();
            },
            () -> {
              if (sum) {
                sum(at[0], at[1], at[2]);
              } else {
                multiply(at[0], at[1], at[2]);
              }
            }),
        first,
        second,
        into);
  }

  private static void sum(FloatBuffer a, FloatBuffer b, FloatBuffer result) {
    int count = result.limit();
    for (int i = 0; i < count; i++) {
      result.put(i, a.get(i) + b.get(i));
    }
  }

  private static void multiply(FloatBuffer a, FloatBuffer b, FloatBuffer result) {
    int count = result.limit();
    for (int i = 0; i < count; i++) {
      result.put(i, a.get(i) * b.get(i));
    }
  }
}
