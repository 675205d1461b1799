package dev.tessera.engine.onednn;

import dev.tessera.engine.StepSettings;
import dev.tessera.engine.Workload;
import dev.tessera.network.ParameterBlock;
import dev.tessera.network.ParameterRole;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The end of a step: regularisation, clipping and the updater, over the flat arrays, in pieces that
 * stay in the processor's first cache. Arrays on Java's heap in between, since the JVM makes vector
 * instructions of loops over those alone.
 *
 * <p>DL4J's layout of the updater state: for every run of trainable parameters that nothing
 * untrainable interrupts, first the whole run's first slot, then its second.
 */
final class ParameterUpdate {
  private static final int CHUNK = 2048;

  private final Workload workload;
  private final NativeParameters flat;
  private final List<Piece> pieces = new ArrayList<>();
  private final UpdateRule rule;
  private final float[] parameters = new float[CHUNK];
  private final float[] gradients = new float[CHUNK];
  private final float[][] state;
  private double penalty;

  /**
   * Neighbouring values of one block.
   *
   * @param state index of their first slot in the updater state
   * @param stateStride from there to their second slot
   */
  private record Piece(int from, int count, boolean weight, int state, int stateStride) {}

  ParameterUpdate(Workload workload, NativeParameters parameters) {
    this.workload = workload;
    this.flat = parameters;
    this.state = new float[workload.updater().stateSlots()][CHUNK];
    this.rule = workload.updater().accept(new UpdateRules());
    List<ParameterBlock> run = new ArrayList<>();
    int stateAt = 0;
    for (ParameterBlock block : workload.network().blocks()) {
      if (block.role().trainable()) {
        run.add(block);
      } else {
        stateAt = addRun(run, stateAt);
      }
    }
    addRun(run, stateAt);
  }

  private int addRun(List<ParameterBlock> run, int stateAt) {
    int length = run.stream().mapToInt(ParameterBlock::size).sum();
    int done = 0;
    for (ParameterBlock block : run) {
      boolean weight = block.role() == ParameterRole.WEIGHT;
      for (int from = 0; from < block.size(); from += CHUNK) {
        int count = Math.min(CHUNK, block.size() - from);
        pieces.add(new Piece(block.offset() + from, count, weight, stateAt + done + from, length));
      }
      done += block.size();
    }
    run.clear();
    return stateAt + length * state.length;
  }

  /** Returns the regularisation that belongs to the loss before the update. */
  double run(StepSettings settings) {
    penalty = 0;
    double factor = clips() ? regulariseAndMeasure() : 1;
    rule.begin(settings.learningRate(), settings.iteration() + 1);
    for (Piece piece : pieces) {
      update(piece, (float) factor);
    }
    return penalty;
  }

  private boolean clips() {
    return workload.clipping().norm() > 0 || workload.clipping().value() > 0;
  }

  /** First pass where gradients are clipped. Returns what all are to be multiplied by. */
  private double regulariseAndMeasure() {
    double squares = 0;
    float limit = (float) workload.clipping().value();
    for (Piece piece : pieces) {
      flat.parameters.get(piece.from, parameters, 0, piece.count);
      flat.gradients.get(piece.from, gradients, 0, piece.count);
      regularise(piece);
      if (limit > 0) {
        for (int i = 0; i < piece.count; i++) {
          // A NaN stays one.
          gradients[i] = Math.max(-limit, Math.min(limit, gradients[i]));
        }
      }
      for (int i = 0; i < piece.count; i++) {
        squares += (double) gradients[i] * gradients[i];
      }
      flat.gradients.put(piece.from, gradients, 0, piece.count);
    }
    double norm = Math.sqrt(squares);
    double most = workload.clipping().norm();
    return most > 0 && norm > most ? most / norm : 1;
  }

  private void update(Piece piece, float factor) {
    FloatBuffer all = flat.parameters;
    all.get(piece.from, parameters, 0, piece.count);
    flat.gradients.get(piece.from, gradients, 0, piece.count);
    if (!clips()) {
      regularise(piece);
    } else if (factor != 1) {
      for (int i = 0; i < piece.count; i++) {
        gradients[i] *= factor;
      }
    }
    for (int slot = 0; slot < state.length; slot++) {
      flat.updaterState.get(piece.state + slot * piece.stateStride, state[slot], 0, piece.count);
    }
    rule.apply(parameters, gradients, state, piece.count, piece.weight);
    all.put(piece.from, parameters, 0, piece.count);
    for (int slot = 0; slot < state.length; slot++) {
      flat.updaterState.put(piece.state + slot * piece.stateStride, state[slot], 0, piece.count);
    }
  }

  private void regularise(Piece piece) {
    if (!piece.weight) {
      return;
    }
    double l1 = workload.regularisation().l1();
    double l2 = workload.regularisation().l2();
    if (l2 > 0) {
      addL2((float) l2, piece.count);
    }
    if (l1 > 0) {
      addL1((float) l1, piece.count);
    }
  }

  private void addL2(float l2, int count) {
    double even = 0;
    double odd = 0;
    for (int i = 0; i < count; i++) {
      double square = (double) parameters[i] * parameters[i];
      if ((i & 1) == 0) {
        even += square;
      } else {
        odd += square;
      }
    }
    penalty += workload.regularisation().l2() / 2 * (even + odd);
    for (int i = 0; i < count; i++) {
      gradients[i] += l2 * parameters[i];
    }
  }

  private void addL1(float l1, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.abs(parameters[i]);
    }
    penalty += workload.regularisation().l1() * sum;
    for (int i = 0; i < count; i++) {
      gradients[i] += l1 * Math.signum(parameters[i]);
    }
  }
}
