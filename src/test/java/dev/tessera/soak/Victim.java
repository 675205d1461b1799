package dev.tessera.soak;

/** What is killed. */
enum Victim {
  DRIVER("driver"),
  EXECUTOR("executor"),
  EXECUTORS("all executors"),
  /** A standalone worker, whose executors end with it. */
  WORKER("worker"),
  MASTER("master");

  final String title;

  Victim(String title) {
    this.title = title;
  }
}
