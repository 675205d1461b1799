package dev.tessera.dataset;

/** A packed set and what was counted of it. */
record PackedFigures(PackedSet set, SetFigures figures) {}
