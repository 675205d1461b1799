package dev.tessera.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Fits layer after layer: names, sources, shapes, parameters. */
final class NetworkCompiler {
  private static final String LETTERS = "[A-Za-z][A-Za-z0-9_-]*";

  private final Shape.Image input;
  private final int classes;
  private final List<LayerPlan> plans = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<String, Integer> indices = new HashMap<>();
  private final Set<Integer> read = new HashSet<>();
  private int offset;

  NetworkCompiler(Shape.Image input, int classes) {
    this.input = input;
    this.classes = classes;
    indices.put(NodeSpec.NETWORK_INPUT, LayerPlan.NETWORK_INPUT);
  }

  /** All layers. @throws NetworkException if the output of one but the last goes nowhere */
  List<LayerPlan> finish() {
    for (LayerPlan plan : plans.subList(0, plans.size() - 1)) {
      if (!read.contains(plan.index())) {
        throw new NetworkException(
            plan.index(),
            "",
            where(plan.index(), plan.name())
                + ": no later layer takes its output of "
                + plan.output()
                + ". Every output but the last must go somewhere. Name it in the from, add or"
                + " concat of a later layer, or remove it.");
      }
    }
    return plans;
  }

  void add(NodeSpec node) {
    int index = plans.size();
    String name = name(index, node);
    List<Integer> sources = sources(index, name, node);
    List<Shape> inputs = sources.stream().map(this::output).toList();
    LayerPlan plan;
    try {
      LayerSpec layer = resolved(node.layer(), inputs.get(0));
      Shape output = output(layer, inputs);
      plan =
          new LayerPlan(
              index, name, layer, sources, inputs, output, layer.parameters(inputs.get(0), offset));
      offset = Math.addExact(offset, plan.parameterCount());
    } catch (NetworkException e) {
      throw new NetworkException(index, e.component(), where(index, name) + ": " + e.getMessage());
    } catch (ArithmeticException e) {
      throw new NetworkException(
          index,
          "",
          where(index, name)
              + ", which gets "
              + Joins.list(inputs)
              + ", makes the network larger than 2^31 values. Pool or stride more before it.");
    }
    plans.add(plan);
    indices.put(name, index);
    read.addAll(sources);
  }

  private static String where(int index, String name) {
    return "layer " + (index + 1) + " (" + name + ")";
  }

  private String name(int index, NodeSpec node) {
    String automatic = node.layer().kind() + counts.merge(node.layer().kind(), 1, Integer::sum);
    String name = node.name().isEmpty() ? automatic : node.name();
    if (!name.matches(LETTERS)) {
      throw new NetworkException(
          index,
          "name",
          where(index, name)
              + ": the name has characters that a name can't have. Begin it with a letter and go"
              + " on with letters, digits, - and _.");
    }
    if (indices.containsKey(name)) {
      throw new NetworkException(
          index,
          "name",
          where(index, name)
              + ": "
              + (name.equals(NodeSpec.NETWORK_INPUT)
                  ? "the picture has that name"
                  : "layer " + (indices.get(name) + 1) + " has that name already")
              + ". Inputs are found by name. Give this layer another one.");
    }
    return name;
  }

  private List<Integer> sources(int index, String name, NodeSpec node) {
    if (node.inputs().isEmpty()) {
      return List.of(index == 0 ? LayerPlan.NETWORK_INPUT : index - 1);
    }
    List<Integer> sources = new ArrayList<>();
    for (String source : node.inputs()) {
      Integer found = indices.get(source);
      if (found == null) {
        throw new NetworkException(
            index,
            "inputs",
            where(index, name)
                + ": there is no layer "
                + source
                + " before it. Layers take what comes before them. Use one of "
                + earlier()
                + ".");
      }
      if (sources.contains(found)) {
        throw new NetworkException(
            index,
            "inputs",
            where(index, name) + ": it takes " + source + " twice. Name every input once.");
      }
      sources.add(found);
    }
    if (sources.size() > 1 && !(node.layer() instanceof JoinSpec)) {
      throw new NetworkException(
          index,
          "inputs",
          where(index, name)
              + ": it has "
              + sources.size()
              + " inputs, of "
              + Joins.list(sources.stream().map(this::output).toList())
              + ". Only add and concat take more than one. Put one of them before it.");
    }
    return sources;
  }

  private String earlier() {
    return indices.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .collect(Collectors.joining(", "));
  }

  private Shape output(int index) {
    return index == LayerPlan.NETWORK_INPUT ? input : plans.get(index).output();
  }

  private LayerSpec resolved(LayerSpec layer, Shape in) {
    if (layer instanceof Dense dense && dense.units() == Dense.CLASSES) {
      return dense.withUnits(classes);
    }
    if (layer instanceof Convolution convolution
        && convolution.groups() == Convolution.DEPTHWISE
        && in instanceof Shape.Image image) {
      convolution.outputShape(in);
      return convolution.withGroups(image.channels());
    }
    return layer;
  }

  private static Shape output(LayerSpec layer, List<Shape> inputs) {
    return layer instanceof JoinSpec join
        ? join.outputShape(inputs)
        : layer.outputShape(inputs.get(0));
  }
}
