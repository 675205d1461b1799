package dev.tessera.engine;

import dev.tessera.image.Minibatch;

/**
 * One network in memory, ready to run steps. Owns every native byte it uses until it is closed.
 *
 * <p>Stays on the thread that uses it: callers may hand it from thread to thread between rounds but
 * never share it. Nothing is kept from before {@link #load}: two replicas of equal workloads that
 * load equal states do equal steps, bit for bit.
 */
public interface Replica extends AutoCloseable {
  /**
   * Takes parameters and updater state over by copying. @throws IllegalArgumentException if their
   * lengths don't fit
   */
  void load(ReplicaState state);

  /**
   * Forward, loss, backward, regularisation, update. The minibatch has 1 to {@code batchSize}
   * examples.
   */
  StepResult step(Minibatch minibatch, StepSettings settings);

  /**
   * Class probabilities in inference mode: {@code minibatch.size()} rows of {@code classes} values,
   * or of one (the probability of class 1) for a sigmoid output. {@code probabilities} is at least
   * that long.
   */
  void infer(Minibatch minibatch, float[] probabilities);

  /**
   * What every layer makes of the minibatch in inference mode: dropout passes on what it gets,
   * batch norm goes by its running moments. Calls the listener once a layer, in the network's
   * order, on the calling thread; with the output layer's probabilities, as {@link #infer} gives
   * them, last.
   *
   * <p>Layers run one by one, so that each shows, where {@code infer} may run several as one: the
   * probabilities are equal but for rounding. For looking at a few examples: it takes more time
   * than {@code infer}, while it runs some memory too, and changes no bit of any other call. The
   * listener must not use the replica; what it throws ends the call.
   */
  void activations(Minibatch minibatch, ActivationListener listener);

  /**
   * Copies parameters and updater state out. @throws IllegalArgumentException if the arrays'
   * lengths don't fit
   */
  void store(ReplicaState into);

  /**
   * Frees everything; may be called twice. Any other use after it throws {@link
   * IllegalStateException}.
   */
  @Override
  void close();
}
