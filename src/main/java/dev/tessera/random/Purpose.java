package dev.tessera.random;

/**
 * What a random number is for. Streams of different purposes are independent although they share
 * the job's seed.
 *
 * <p>The codes are part of the promise "same job, same bits": never change or reuse one.
 */
public enum Purpose {
  INITIALISATION(1),
  SHARD_RANK(2),
  EXAMPLE_ORDER(3),
  DROPOUT(4),
  SPLIT(5),
  AUGMENTATION(6),
  SHOWN_EXAMPLES(7);

  private final int code;

  Purpose(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
