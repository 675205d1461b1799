package dev.tessera.round;

import dev.tessera.stats.Evaluation;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Locale;

/**
 * Which evaluation on the validation set is the best one, and how many may follow it before the run
 * ends. As in Keras, an evaluation is better than the best so far if it is so by more than {@code
 * minDelta}; one that is not leaves the best as it is.
 *
 * @param patience evaluations in a row that are no better, at least 1, after which the run ends
 * @param minDelta at least 0
 * @param restoreBest whether the run ends with the best state instead of the last, however it ends
 */
public record EarlyStopping(int patience, Metric metric, double minDelta, boolean restoreBest)
    implements Serializable {
  /** The run goes on to its last epoch. The best is the one of highest accuracy. */
  public static final EarlyStopping OFF =
      new EarlyStopping(Integer.MAX_VALUE, Metric.ACCURACY, 0, false);

  /** What an evaluation is judged by. */
  public enum Metric {
    ACCURACY("risen", "above", "%.4f") {
      @Override
      double of(Evaluation evaluation) {
        return evaluation.accuracy();
      }

      @Override
      double gain(double from, double to) {
        return to - from;
      }
    },
    LOSS("fallen", "below", "%.6f") {
      @Override
      double of(Evaluation evaluation) {
        return evaluation.loss();
      }

      @Override
      double gain(double from, double to) {
        return from - to;
      }
    };

    private final String moved;
    private final String beyond;
    private final String format;

    Metric(String moved, String beyond, String format) {
      this.moved = moved;
      this.beyond = beyond;
      this.format = format;
    }

    abstract double of(Evaluation evaluation);

    /** By how much {@code to} is better. */
    abstract double gain(double from, double to);

    private String noun() {
      return "validation " + name().toLowerCase(Locale.ROOT);
    }
  }

  /** The best so far, after an evaluation of the state. */
  Best best(GlobalState state, Evaluation evaluation) {
    Best before = state.best();
    double value = metric.of(evaluation);
    // Nothing compares with NaN: it is never better.
    boolean better =
        before.round() == 0 ? !Double.isNaN(value) : metric.gain(before.value(), value) > minDelta;
    return better
        ? new Best(state.round(), value, 0, restoreBest ? state.replica() : null)
        : before.kept();
  }

  /** Whether the run ends, after an evaluation that left this. */
  boolean ends(Best best) {
    return best.evaluationsSince() >= patience;
  }

  /**
   * Why it ends: {@code validation accuracy has not risen above 0.8667 (epoch 7) for 5
   * evaluations}.
   *
   * @param epoch of the best, from 1
   */
  public String reason(Best best, int epoch) {
    String since =
        best.evaluationsSince() == 1
            ? "in 1 evaluation"
            : "for " + best.evaluationsSince() + " evaluations";
    if (best.round() == 0) {
      return metric.noun() + " has not been a number " + since;
    }
    String by = minDelta == 0 ? "" : " by more than " + plain(minDelta);
    return String.format(
        Locale.ROOT,
        "%s has not %s%s %s " + metric.format + " (epoch %d) %s",
        metric.noun(),
        metric.moved,
        by,
        metric.beyond,
        best.value(),
        epoch,
        since);
  }

  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
