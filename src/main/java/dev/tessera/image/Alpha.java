package dev.tessera.image;

/** How a file holds transparency, and with it how the codec is asked for the picture. */
enum Alpha {
  /** Not at all: the codec may bring the picture to colours of 8 bits itself. */
  NONE,
  /** Beside the colours, or so that only the codec knows whether at all. */
  BESIDE,
  /** The colours that come from the codec are multiplied by it already. */
  MULTIPLIED
}
