package dev.tessera.engine.onednn;

import java.util.ArrayList;
import java.util.List;

/** The tensors of one primitive by oneDNN's argument index. */
final class Arguments {
  final List<Integer> indices = new ArrayList<>();
  final List<Tensor> tensors = new ArrayList<>();

  static Arguments of(int index, Tensor tensor) {
    return new Arguments().and(index, tensor);
  }

  Arguments and(int index, Tensor tensor) {
    indices.add(index);
    tensors.add(tensor);
    return this;
  }
}
