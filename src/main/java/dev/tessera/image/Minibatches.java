package dev.tessera.image;

/** The minibatches of consecutive steps, one after the other. Stays on its thread. */
public interface Minibatches extends AutoCloseable {

  /** Makes the minibatch of a step. Used by one thread, and closed by it. */
  interface Filler extends AutoCloseable {
    /** Fills the minibatch from scratch: a function of the step alone. */
    void fill(Minibatch minibatch, int step);

    @Override
    void close();
  }

  /** The next step's minibatch, which is valid until the next call. */
  Minibatch next();

  @Override
  void close();

  /** Fills one buffer when it is asked for. Closes the filler in the end. */
  static Minibatches onDemand(Minibatch buffer, Filler filler, int firstStep) {
    return new Minibatches() {
      private int step = firstStep;

      @Override
      public Minibatch next() {
        filler.fill(buffer, step++);
        return buffer;
      }

      @Override
      public void close() {
        filler.close();
      }
    };
  }
}
