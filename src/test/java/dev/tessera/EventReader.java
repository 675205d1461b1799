package dev.tessera;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.hadoop.util.TFRecordReader;
import org.tensorflow.proto.framework.Summary;
import org.tensorflow.proto.util.Event;

/** Reads TensorBoard's event files with what TensorFlow has made for it: none of ours is in it. */
public final class EventReader {
  private EventReader() {}

  /** All events of a file, whose checksums must be right. */
  public static List<Event> read(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      TFRecordReader records = new TFRecordReader(in, true);
      for (byte[] record = records.read(); record != null; record = records.read()) {
        events.add(Event.parseFrom(record));
      }
    }
    return events;
  }

  /** The event file of a run folder. */
  public static Path of(Path run) {
    return run.resolve("tensorboard/events.out.tfevents.0.tessera");
  }

  /**
   * All that must be equal in equal runs, one text a figure: not when it was, nor how long it took.
   */
  public static List<String> figures(Path run) throws IOException {
    List<String> figures = new ArrayList<>();
    for (Event event : read(of(run))) {
      if (event.getWhatCase() == Event.WhatCase.FILE_VERSION) {
        figures.add(event.getFileVersion());
      }
      for (Summary.Value value : event.getSummary().getValueList()) {
        boolean isTime = value.getTag().matches("seconds/.*|train/imagesPerSecond");
        Summary.Value timeless = isTime ? value.toBuilder().clearSimpleValue().build() : value;
        figures.add(event.getStep() + " " + timeless);
      }
    }
    return figures;
  }
}
