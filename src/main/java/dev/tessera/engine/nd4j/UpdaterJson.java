package dev.tessera.engine.nd4j;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.engine.Updater;

/** Updaters as objects of a model file: {@code name}, then the record's components. */
final class UpdaterJson implements Updater.Visitor<ObjectNode> {
  static ObjectNode write(Updater updater) {
    ObjectNode object = JsonNodeFactory.instance.objectNode().put("name", updater.name());
    return object.setAll(updater.accept(new UpdaterJson()));
  }

  static Updater read(JsonFields updater) throws MalformedModelException {
    String name = updater.text("name");
    return switch (name) {
      case "sgd" -> new Updater.Sgd();
      case "momentum" -> new Updater.Momentum(updater.number("momentum"));
      case "nesterov" -> new Updater.Nesterov(updater.number("momentum"));
      case "adam" ->
          new Updater.Adam(
              updater.number("beta1"), updater.number("beta2"), updater.number("epsilon"));
      case "adamw" ->
          new Updater.AdamW(
              updater.number("beta1"),
              updater.number("beta2"),
              updater.number("epsilon"),
              updater.number("weightDecay"));
      case "rmsprop" -> new Updater.RmsProp(updater.number("decay"), updater.number("epsilon"));
      case "adagrad" -> new Updater.AdaGrad(updater.number("epsilon"));
      default ->
          throw new MalformedModelException(
              "has the unknown updater `" + name + "`; a newer Tessera may have written it");
    };
  }

  @Override
  public ObjectNode sgd(Updater.Sgd updater) {
    return object();
  }

  @Override
  public ObjectNode momentum(Updater.Momentum updater) {
    return object().put("momentum", updater.momentum());
  }

  @Override
  public ObjectNode nesterov(Updater.Nesterov updater) {
    return object().put("momentum", updater.momentum());
  }

  @Override
  public ObjectNode adam(Updater.Adam updater) {
    return object()
        .put("beta1", updater.beta1())
        .put("beta2", updater.beta2())
        .put("epsilon", updater.epsilon());
  }

  @Override
  public ObjectNode adamW(Updater.AdamW updater) {
    return object()
        .put("beta1", updater.beta1())
        .put("beta2", updater.beta2())
        .put("epsilon", updater.epsilon())
        .put("weightDecay", updater.weightDecay());
  }

  @Override
  public ObjectNode rmsProp(Updater.RmsProp updater) {
    return object().put("decay", updater.decay()).put("epsilon", updater.epsilon());
  }

  @Override
  public ObjectNode adaGrad(Updater.AdaGrad updater) {
    return object().put("epsilon", updater.epsilon());
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
