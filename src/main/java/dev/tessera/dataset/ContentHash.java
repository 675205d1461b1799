package dev.tessera.dataset;

import dev.tessera.image.PixelBlock;
import dev.tessera.random.Purpose;
import dev.tessera.random.RandomStream;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * A fingerprint of a set: equal for equal origins, labels and pixels, in whatever shards and order.
 * Tells data sets apart by accident, not against forgery.
 */
final class ContentHash {
  private ContentHash() {}

  /** Sixteen hexadecimal digits; one Spark pass. */
  static String of(JavaRDD<ShardPart> parts) {
    long sum = 0;
    for (Long part : TaskFailures.unwrapped(() -> parts.mapPartitions(new HashShard()).collect())) {
      sum += part;
    }
    return HexFormat.of().toHexDigits(sum);
  }

  private record HashShard() implements FlatMapFunction<Iterator<ShardPart>, Long> {
    @Override
    public Iterator<Long> call(Iterator<ShardPart> parts) {
      long sum = 0;
      while (parts.hasNext()) {
        sum += hash(parts.next().block());
      }
      return List.of(sum).iterator();
    }

    /** A sum, since shards are summed in any order. */
    private static long hash(PixelBlock block) {
      byte[] pixels = new byte[block.shape().size()];
      CRC32C checksum = new CRC32C();
      long sum = 0;
      for (int i = 0; i < block.size(); i++) {
        block.copyPixels(i, pixels, 0);
        checksum.reset();
        checksum.update(pixels);
        sum +=
            RandomStream.hash64(
                checksum.getValue(), Purpose.SPLIT, block.label(i) + "/" + block.origin(i));
      }
      return sum;
    }
  }
}
