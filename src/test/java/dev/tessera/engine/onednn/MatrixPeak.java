package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_matmul_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_in_order;

import java.util.Arrays;
import java.util.Locale;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;

/** Prints what the machine's threads reach in a product of two matrices of 1024 x 1024. */
public final class MatrixPeak {
  private static final long SIDE = 1024;
  private static final int REPEATS = 25;

  private MatrixPeak() {}

  /** Called by {@code scripts/bench engine}. */
  public static void main(String[] arguments) {
    System.out.printf(
        Locale.ROOT,
        "peak float %.1f GFLOP/s bfloat16 %.1f GFLOP/s%n",
        gigaflops(dnnl_f32),
        OneDnn.multipliesBfloat16() ? gigaflops(dnnl_bf16) : 0);
  }

  private static double gigaflops(int type) {
    try (NativeScope scope = new NativeScope()) {
      dnnl_stream stream = new dnnl_stream();
      OneDnn.check(
          dnnl_stream_create(stream, OneDnn.engine(), dnnl_stream_in_order), "open a stream");
      scope.own(stream);
      ProgramBuilder builder = new ProgramBuilder(scope, stream, 1, new StepContext());
      dnnl_primitive_desc product = new dnnl_primitive_desc();
      OneDnn.check(
          dnnl_matmul_primitive_desc_create(
              product,
              OneDnn.engine(),
              builder.layouts.any(type, SIDE, SIDE),
              builder.layouts.any(type, SIDE, SIDE),
              null,
              builder.layouts.plain(dnnl_f32, SIDE, SIDE),
              builder.plain()),
          "make a product");
      builder.add(
          "product",
          product,
          Arguments.of(DNNL_ARG_SRC, builder.tensor(product, DNNL_ARG_SRC, SIDE, SIDE))
              .and(DNNL_ARG_WEIGHTS, builder.tensor(product, DNNL_ARG_WEIGHTS, SIDE, SIDE))
              .and(DNNL_ARG_DST, builder.tensor(product, DNNL_ARG_DST, SIDE, SIDE)));
      Program program = builder.build();
      try (NativeMemory region = new NativeMemory(program.memoryBytes())) {
        program.link(region);
        double[] seconds = new double[REPEATS];
        for (int i = -5; i < REPEATS; i++) {
          long began = System.nanoTime();
          program.run();
          if (i >= 0) {
            seconds[i] = (System.nanoTime() - began) / 1e9;
          }
        }
        Arrays.sort(seconds);
        return 2.0 * SIDE * SIDE * SIDE / seconds[REPEATS / 2] / 1e9;
      }
    }
  }
}
