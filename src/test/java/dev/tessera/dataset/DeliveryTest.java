package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.SparkSessionExtension;
import dev.tessera.error.StorageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkSessionExtension.class)
class DeliveryTest {
  private static final Dealing DEALING = new Dealing(2, 7);

  /** Some are alike up to a zero and what follows it. */
  private static List<String> origins() {
    List<String> origins =
        new ArrayList<>(List.of("a", "a\u0000", "a\u0000\u0000", "a\u0000b", "b"));
    for (int i = 0; i < 40; i++) {
      origins.add("shard-0" + i % 3 + ".tar#" + i);
    }
    return origins;
  }

  private static EncodedExample example(String origin) {
    return EncodedExample.file(origin, ("bytes of " + origin).getBytes(StandardCharsets.UTF_8));
  }

  private static List<List<String>> delivered(
      JavaSparkContext spark, List<String> wanted, List<String> there) {
    Ranking.Ranked ranked =
        Ranking.rank(
            spark.parallelize(wanted, 3).map(origin -> new ExampleRef(origin, 1)), Sets.SEED);
    JavaRDD<EncodedExample> examples = spark.parallelize(there, 4).map(origin -> example(origin));
    return TaskFailures.unwrapped(
        () ->
            Delivery.deliver(
                    "dataset.train = x",
                    ranked.refs(),
                    examples,
                    new RankPartitioner(DEALING, ranked.examples()))
                .map(
                    one ->
                        one.ranked().ref().origin()
                            + "="
                            + new String(one.example().bytes(), StandardCharsets.UTF_8))
                .glom()
                .collect());
  }

  @Test
  void bringsEveryExampleToItsPlace(JavaSparkContext spark) {
    List<String> there = new ArrayList<>(origins());
    Collections.shuffle(there, new Random(3));
    List<List<String>> expected =
        Ranking.rank(
                spark.parallelize(origins(), 1).map(origin -> new ExampleRef(origin, 1)), Sets.SEED)
            .deal(DEALING)
            .map(ref -> ref.origin() + "=bytes of " + ref.origin())
            .glom()
            .collect();
    assertThat(delivered(spark, origins(), there)).isEqualTo(expected).hasSize(8);
  }

  @Test
  void leavesOutWhatIsNotWanted(JavaSparkContext spark) {
    assertThat(delivered(spark, origins().subList(0, 3), origins()).stream().flatMap(List::stream))
        .hasSize(3);
  }

  @Test
  void equalOriginsAreDeliveredAsOftenAsTheyAreListed(JavaSparkContext spark) {
    List<String> twice = List.of("a", "b", "a");
    assertThat(delivered(spark, twice, twice).stream().flatMap(List::stream))
        .containsExactlyInAnyOrder("a=bytes of a", "a=bytes of a", "b=bytes of b");
  }

  @Test
  void anExampleThatHasGoneIsNamed(JavaSparkContext spark) {
    assertThatThrownBy(() -> delivered(spark, List.of("a", "b", "c"), List.of("a", "c")))
        .isInstanceOf(StorageException.class)
        .hasMessage(
            "dataset.train = x: b was listed and is not there any more. Leave the data alone while"
                + " they are read, and start again.");
    assertThatThrownBy(() -> delivered(spark, List.of("c"), List.of("a")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(": c was listed and");
  }
}
