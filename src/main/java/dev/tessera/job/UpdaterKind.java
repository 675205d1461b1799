package dev.tessera.job;

import dev.tessera.engine.Updater;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One updater: its name in job files, its settings, and a learning rate to begin with. Defaults are
 * those of the papers and of Keras, PyTorch and DL4J where they agree; where they do not, the
 * meaning says whose it is.
 *
 * @param maker takes the settings in the order of {@code keys}
 */
record UpdaterKind(
    String name,
    double learningRate,
    List<Key<Double>> keys,
    Function<List<Double>, Updater> maker) {

  private static final Key<Double> MOMENTUM =
      Key.of("momentum", Decimal.share(), 0.9, "", "Share of the last step that is taken again.");
  private static final Key<Double> BETA1 =
      Key.of(
          "beta1",
          Decimal.share(),
          0.9,
          "",
          "Share of the old mean of the gradients that is kept.");
  private static final Key<Double> BETA2 =
      Key.of(
          "beta2",
          Decimal.share(),
          0.999,
          "",
          "Share of the old mean of the squared gradients that is kept.");
  private static final Key<Double> EPSILON = epsilon(1e-8, "Keeps the division finite.");
  private static final Key<Double> WEIGHT_DECAY =
      Key.of(
          "weightDecay",
          Decimal.from(0, 1),
          0.01,
          "",
          "Part of every weight, times the learning rate, that a step takes away.");
  private static final Key<Double> DECAY =
      Key.of(
          "decay",
          Decimal.share(),
          0.9,
          "",
          "Share of the old mean of the squared gradients that is kept; 0.9 is Hinton's and Keras's,"
              + " PyTorch has 0.99, DL4J 0.95.");
  private static final Key<Double> ADAGRAD_EPSILON =
      epsilon(1e-6, "Keeps the division finite; 1e-6 is DL4J's, Keras has 1e-7, PyTorch 1e-10.");

  static final List<UpdaterKind> ALL =
      List.of(
          new UpdaterKind("sgd", 0.1, List.of(), v -> new Updater.Sgd()),
          new UpdaterKind("momentum", 0.02, List.of(MOMENTUM), v -> new Updater.Momentum(v.get(0))),
          new UpdaterKind("nesterov", 0.02, List.of(MOMENTUM), v -> new Updater.Nesterov(v.get(0))),
          new UpdaterKind(
              "adam",
              0.001,
              List.of(BETA1, BETA2, EPSILON),
              v -> new Updater.Adam(v.get(0), v.get(1), v.get(2))),
          new UpdaterKind(
              "adamw",
              0.001,
              List.of(BETA1, BETA2, EPSILON, WEIGHT_DECAY),
              v -> new Updater.AdamW(v.get(0), v.get(1), v.get(2), v.get(3))),
          new UpdaterKind(
              "rmsprop",
              0.001,
              List.of(DECAY, EPSILON),
              v -> new Updater.RmsProp(v.get(0), v.get(1))),
          new UpdaterKind(
              "adagrad", 0.01, List.of(ADAGRAD_EPSILON), v -> new Updater.AdaGrad(v.get(0))));

  private static Key<Double> epsilon(double fallback, String meaning) {
    return Key.of("epsilon", Decimal.above(0, 1), fallback, "", meaning);
  }

  /** The updater of that name, which must be one of {@link #ALL}. */
  static UpdaterKind named(String name) {
    return ALL.stream().filter(kind -> kind.name.equals(name)).findFirst().orElseThrow();
  }

  /** With every setting at its default. */
  Updater standard() {
    return maker.apply(keys.stream().map(Key::fallback).toList());
  }

  Updater read(Section updater) {
    return maker.apply(keys.stream().map(updater::read).toList());
  }

  /** The settings of an updater by their names, in the order of its keys. */
  static Map<String, Double> values(Updater updater) {
    return updater.accept(new Values());
  }

  private static final class Values implements Updater.Visitor<Map<String, Double>> {
    @Override
    public Map<String, Double> sgd(Updater.Sgd updater) {
      return Map.of();
    }

    @Override
    public Map<String, Double> momentum(Updater.Momentum updater) {
      return named(List.of(MOMENTUM), updater.momentum());
    }

    @Override
    public Map<String, Double> nesterov(Updater.Nesterov updater) {
      return named(List.of(MOMENTUM), updater.momentum());
    }

    @Override
    public Map<String, Double> adam(Updater.Adam updater) {
      return named(
          List.of(BETA1, BETA2, EPSILON), updater.beta1(), updater.beta2(), updater.epsilon());
    }

    @Override
    public Map<String, Double> adamW(Updater.AdamW updater) {
      return named(
          List.of(BETA1, BETA2, EPSILON, WEIGHT_DECAY),
          updater.beta1(),
          updater.beta2(),
          updater.epsilon(),
          updater.weightDecay());
    }

    @Override
    public Map<String, Double> rmsProp(Updater.RmsProp updater) {
      return named(List.of(DECAY, EPSILON), updater.decay(), updater.epsilon());
    }

    @Override
    public Map<String, Double> adaGrad(Updater.AdaGrad updater) {
      return named(List.of(ADAGRAD_EPSILON), updater.epsilon());
    }

    private static Map<String, Double> named(List<Key<Double>> keys, double... values) {
      Map<String, Double> named = new LinkedHashMap<>();
      for (int i = 0; i < values.length; i++) {
        named.put(keys.get(i).name(), values[i]);
      }
      return named;
    }
  }
}
