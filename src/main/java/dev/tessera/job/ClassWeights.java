package dev.tessera.job;

import com.typesafe.config.ConfigValue;
import dev.tessera.round.TrainingSettings.ClassWeighting;
import java.util.List;

/**
 * What the job says of the classes' weights.
 *
 * @param given empty if they are all one, or balanced
 */
record ClassWeights(ClassWeighting weighting, List<Double> given) {
  static final ClassWeights EQUAL = new ClassWeights(ClassWeighting.GIVEN, List.of());
  private static final ClassWeights BALANCED = new ClassWeights(ClassWeighting.BALANCED, List.of());
  private static final String WORD = "balanced";

  ClassWeights {
    given = List.copyOf(given);
  }

  /** A list of numbers, or a word. */
  static final class Type implements ValueType<ClassWeights> {
    private final DecimalList numbers = new DecimalList(Decimal.from(0, 1e6));

    @Override
    public String noun() {
      return "list of numbers or the word " + WORD;
    }

    @Override
    public String range() {
      return numbers.range() + ", or " + WORD;
    }

    @Override
    public String advice(String unit) {
      return numbers.advice(unit) + ", or the word " + WORD;
    }

    @Override
    public ClassWeights read(ConfigValue value) throws WrongValue {
      if (WORD.equals(value.unwrapped())) {
        return BALANCED;
      }
      try {
        return new ClassWeights(ClassWeighting.GIVEN, numbers.read(value));
      } catch (WrongValue e) {
        throw value.valueType() == com.typesafe.config.ConfigValueType.LIST ? e : wrongType(value);
      }
    }

    @Override
    public String write(ClassWeights value) {
      return value.weighting() == ClassWeighting.BALANCED ? WORD : numbers.write(value.given());
    }
  }
}
