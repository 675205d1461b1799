package dev.tessera.dataset;

import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Closes what an iterator reads from when its task is over, whether it was read to its end or not.
 */
final class TaskEnd {
  private TaskEnd() {}

  /** Something to be closed without a checked exception. */
  interface Closing {
    void close();
  }

  /** Does nothing where no task runs: it is then the caller's to read to the end. */
  static void close(Closing closing) {
    TaskContext task = TaskContext.get();
    if (task != null) {
      task.addTaskCompletionListener(new Listener(closing));
    }
  }

  private record Listener(Closing closing) implements TaskCompletionListener {
    @Override
    public void onTaskCompletion(TaskContext context) {
      closing.close();
    }
  }
}
