package dev.tessera;

import dev.tessera.error.JobException;
import dev.tessera.run.RunFolder;
import dev.tessera.spark.HadoopStorage;
import org.apache.hadoop.conf.Configuration;

/** One file at a place that the user names, written beside it and then renamed. */
record OutputFile(RunFolder folder, String name) {

  /**
   * @param what is done, for the message: {@code draw}
   * @param example of a name
   * @throws JobException if the path names no file
   */
  static OutputFile of(String file, Configuration configuration, String what, String example) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    if (name.isEmpty()) {
      throw new JobException(
          "Cannot "
              + what
              + " into \""
              + file
              + "\": this names no file. Give one, such as "
              + example
              + ".");
    }
    String path = file.contains("/") ? file.substring(0, file.lastIndexOf('/') + 1) : ".";
    return new OutputFile(RunFolder.at(HadoopStorage.of(file, configuration), path), name);
  }
}
