package dev.tessera.engine.onednn;

/** One step of a program. */
interface Operation {
  /** Layer and what is done, for example {@code conv2 forward}. */
  String name();

  /** oneDNN's name of the implementation, or {@code java}. */
  String implementation();

  /** Called when the program's tensors have got their places. */
  default void linked() {}

  void run();

  /** Work in Java over tensors; {@code link} takes their buffers once they have a place. */
  static Operation java(String name, Runnable link, Runnable run) {
    return new Operation() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String implementation() {
        return "java";
      }

      @Override
      public void linked() {
        link.run();
      }

      @Override
      public void run() {
        run.run();
      }
    };
  }
}
