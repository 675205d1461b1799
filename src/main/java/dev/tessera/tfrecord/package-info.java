/**
 * TensorFlow's files of records, and what is in the records: its framing with checksums, and
 * Protocol Buffers' wire format. Plain bytes, no files.
 *
 * <p>Read first: {@link dev.tessera.tfrecord.Frame}, {@link dev.tessera.tfrecord.Protobuf}, {@link
 * dev.tessera.tfrecord.ProtobufWriter}. Imports nothing of ours; {@code run} and {@code dataset}
 * import it.
 */
@NullMarked
package dev.tessera.tfrecord;

import org.jspecify.annotations.NullMarked;
