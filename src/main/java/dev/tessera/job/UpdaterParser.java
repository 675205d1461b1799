package dev.tessera.job;

import dev.tessera.engine.Updater;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code training.updater}: a name, or an object with a name and settings. */
final class UpdaterParser {
  static final Key<String> NAME =
      Key.of(
          "name",
          Word.among(names()),
          "nesterov",
          "",
          "Which updater; each has settings of its own.");

  private UpdaterParser() {}

  static List<String> names() {
    return UpdaterKind.ALL.stream().map(UpdaterKind::name).toList();
  }

  static Updater read(Section training) {
    Node node = training.find(TrainingParser.UPDATER);
    if (node == null) {
      return UpdaterKind.named(NAME.fallback()).standard();
    }
    if (!node.isObject()) {
      return byName(training, TrainingParser.UPDATER);
    }
    // Read again below; Problems keeps one of two equal ones.
    UpdaterKind kind = UpdaterKind.named(Section.peek(node, training.problems()).read(NAME));
    List<Key<?>> keys = new ArrayList<>(List.of(NAME));
    keys.addAll(kind.keys());
    return kind.read(new Section(node, keys, training.problems()));
  }

  private static Updater byName(Section training, Key<String> key) {
    Node node = training.node().child(key.name());
    try {
      return UpdaterKind.named(NAME.type().read(node.value())).standard();
    } catch (WrongValue e) {
      training.problem(key, e.what(), key.advice());
      return UpdaterKind.named(NAME.fallback()).standard();
    }
  }

  /** The learning rate that suits an updater where the job gives none. */
  static double learningRate(Updater updater) {
    return UpdaterKind.named(updater.name()).learningRate();
  }

  static String hocon(Updater updater) {
    StringBuilder text = new StringBuilder("{ name = ").append(updater.name());
    Map<String, Double> values = UpdaterKind.values(updater);
    values.forEach(
        (name, value) -> text.append(", ").append(name).append(" = ").append(Numbers.text(value)));
    return text.append(" }").toString();
  }
}
