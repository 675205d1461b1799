package dev.tessera.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.SparkSessionExtension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkSessionExtension.class)
class RankingTest {
  private static final int EXAMPLES = 1000;
  private static final int WORKERS = 7;

  /** All in one segment. */
  private static final Dealing WHOLE = new Dealing(WORKERS, EXAMPLES);

  @Test
  void dealsTheSameWhateverTheListingOrderAndThePartitions(JavaSparkContext spark) {
    List<List<String>> expected = expected();
    List<ExampleRef> refs = refs();
    int[][] listedAndSorted = {{1, 1}, {13, 1}, {2, 16}, {40, 5}};
    for (int[] partitions : listedAndSorted) {
      Collections.shuffle(refs, new Random(partitions[0]));
      JavaRDD<ExampleRef> listed = spark.parallelize(refs, partitions[0]);
      assertThat(dealt(Ranking.rank(listed, Sets.SEED, partitions[1]).deal(WHOLE)))
          .isEqualTo(expected);
    }
  }

  @Test
  void isBalancedToOneExample() {
    assertThat(expected().stream().map(List::size)).containsOnly(142, 143).hasSize(WORKERS);
  }

  @Test
  void leavesShardsEmptyWhereWorkersOutnumberExamples(JavaSparkContext spark) {
    JavaRDD<ExampleRef> two = spark.parallelize(refs().subList(0, 2), 2);
    assertThat(
            dealt(Ranking.rank(two, Sets.SEED).deal(new Dealing(4, 100))).stream().map(List::size))
        .containsExactly(1, 1, 0, 0);
  }

  @Test
  void cutsShardsIntoSegmentsInTheOrderOfRanks(JavaSparkContext spark) {
    List<List<String>> segments =
        dealt(Ranking.rank(spark.parallelize(refs(), 3), Sets.SEED).deal(new Dealing(WORKERS, 50)));
    assertThat(segments).hasSize(3 * WORKERS);
    for (int worker = 0; worker < WORKERS; worker++) {
      List<String> shard = new ArrayList<>();
      for (int segment = 0; segment < 3; segment++) {
        assertThat(segments.get(segment * WORKERS + worker)).hasSizeLessThanOrEqualTo(50);
        shard.addAll(segments.get(segment * WORKERS + worker));
      }
      assertThat(shard).isEqualTo(expected().get(worker));
    }
  }

  private static List<ExampleRef> refs() {
    List<ExampleRef> refs = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      refs.add(new ExampleRef("cat/" + i + ".jpg", i % 3));
    }
    return refs;
  }

  /** The definition: sort all, deal like cards. */
  private static List<List<String>> expected() {
    List<String> origins = new ArrayList<>(refs().stream().map(ExampleRef::origin).toList());
    origins.sort(Comparator.comparing(origin -> Ranking.rankKey(Sets.SEED, origin)));
    List<List<String>> shards = new ArrayList<>();
    for (int worker = 0; worker < WORKERS; worker++) {
      shards.add(new ArrayList<>());
    }
    for (int rank = 0; rank < origins.size(); rank++) {
      shards.get(rank % WORKERS).add(origins.get(rank));
    }
    return shards;
  }

  private static List<List<String>> dealt(JavaRDD<ExampleRef> dealt) {
    return dealt.glom().collect().stream()
        .map(shard -> shard.stream().map(ExampleRef::origin).toList())
        .toList();
  }
}
