package dev.tessera.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;

import dev.tessera.network.Shape;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;

/** Sums and concatenations of what several layers gave. */
final class JoinStage {
  private final Emission e;
  private final String name;
  private final List<Value> sources;

  JoinStage(Emission e, String name, List<Value> sources) {
    this.e = e;
    this.name = name;
    this.sources = sources;
  }

  /**
   * The sources as tensors of equal dimensions: vectors that are held as pictures are laid flat.
   */
  private List<Tensor> tensors() {
    boolean equal =
        sources.stream()
            .allMatch(
                s ->
                    java.util.Arrays.equals(s.tensor.dimensions, sources.get(0).tensor.dimensions));
    List<Tensor> tensors = new ArrayList<>();
    for (Value source : sources) {
      tensors.add(equal ? source.tensor : e.flat(source, name + " input"));
    }
    return tensors;
  }

  /** Adds all sources; what is fused comes after the last one. */
  Tensor sum(List<PostOp> after) {
    List<Tensor> tensors = tensors();
    Tensor sum = tensors.get(0);
    for (int i = 1; i < tensors.size(); i++) {
      boolean last = i == tensors.size() - 1;
      sum = plus(sum, tensors.get(i), last ? after : List.of());
    }
    return sum;
  }

  private Tensor plus(Tensor first, Tensor second, List<PostOp> after) {
    Tensor other = e.program.as(second, first.layout, name + " input");
    Tensor into = e.program.tensor(first.layout, first.dimensions);
    FusedOperations fused =
        FusedOperations.of(
            e,
            after,
            first.dimensions.length,
            index -> {
              throw new IllegalStateException("A sum takes no other sum in");
            });
    new PairwiseStage(e, dnnl_binary_add, first, other, into, fused, name + " forward").emit();
    return into;
  }

  /** Every source gets the whole gradient; none may write over it. */
  void share(Tensor gradient) {
    for (Value source : sources) {
      if (source.wantsGradient) {
        Tensor share =
            gradient.dimensions.length == source.tensor.dimensions.length
                ? gradient
                : e.unflat(source, gradient, name);
        e.contribute(source, share, false, name);
      }
    }
  }

  /** Along the channels, or the features of vectors. */
  Tensor concatenation(Shape output) {
    boolean pictures = output instanceof Shape.Image;
    long[] dimensions = e.dimensions(output);
    Tensor whole = e.program.tensor(layout(pictures, dimensions), dimensions);
    long at = 0;
    for (Value source : sources) {
      Tensor part = pictures ? source.tensor : e.flat(source, name + " input");
      e.program.copy(part, box(whole, part.dimensions, at), name);
      at += part.dimensions[1];
    }
    return whole;
  }

  private dnnl_memory_desc layout(boolean pictures, long[] dimensions) {
    return pictures
        ? e.layouts().channelsLast(e.type, dimensions)
        : e.layouts().plain(e.type, dimensions);
  }

  private Tensor box(Tensor whole, long[] dimensions, long channel) {
    long[] from = new long[dimensions.length];
    from[1] = channel;
    return e.program.view(whole, 0, e.layouts().part(whole.layout, dimensions, from), dimensions);
  }

  /** The other way round. */
  void split(Value out) {
    boolean pictures = out.shape instanceof Shape.Image;
    Tensor whole =
        e.program.as(out.gradient(), layout(pictures, out.tensor.dimensions), name + " gradient");
    long at = 0;
    for (Value source : sources) {
      long[] dimensions =
          pictures ? source.tensor.dimensions : new long[] {e.batch, source.shape.size()};
      if (source.wantsGradient) {
        Tensor share = e.program.tensor(layout(pictures, dimensions), dimensions);
        e.program.copy(box(whole, dimensions, at), share, name + " backward");
        e.contribute(source, pictures ? share : e.unflat(source, share, name), true, name);
      }
      at += dimensions[1];
    }
  }
}
