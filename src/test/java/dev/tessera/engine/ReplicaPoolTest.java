package dev.tessera.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.image.Minibatch;
import dev.tessera.image.PixelScaling;
import dev.tessera.network.Activation;
import dev.tessera.network.Dense;
import dev.tessera.network.Flatten;
import dev.tessera.network.NetworkPlan;
import dev.tessera.network.NetworkSpec;
import dev.tessera.network.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaPoolTest {
  private final List<CountedReplica> opened = new ArrayList<>();
  private final CountedEngine engine = new CountedEngine("one", opened);
  private final Workload workload = workload(4);

  private static Workload workload(int batchSize) {
    NetworkPlan network =
        NetworkSpec.chain(
                "custom", List.of(new Flatten(), Dense.of(Dense.CLASSES, Activation.SOFTMAX)))
            .compile(new Shape.Image(1, 1, 1), 2);
    return Workloads.of(network, PixelScaling.unit(1), new Updater.Sgd(), 0, batchSize);
  }

  private record CountedEngine(String name, List<CountedReplica> opened) implements Engine {
    @Override
    public Support supports(Workload workload) {
      return Support.YES;
    }

    @Override
    public MemoryPlan plan(Workload workload) {
      return new MemoryPlan(0, 0, 0);
    }

    @Override
    public EngineRuntime runtime(int threads) {
      throw new UnsupportedOperationException("nobody asks");
    }

    @Override
    public Replica open(Workload workload, int threads) {
      CountedReplica replica = new CountedReplica();
      opened.add(replica);
      return replica;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof CountedEngine engine && engine.name.equals(name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  private static final class CountedReplica implements Replica {
    private int closes;

    @Override
    public void load(ReplicaState state) {}

    @Override
    public StepResult step(Minibatch minibatch, StepSettings settings) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void infer(Minibatch minibatch, float[] probabilities) {}

    @Override
    public void activations(Minibatch minibatch, ActivationListener listener) {}

    @Override
    public void store(ReplicaState into) {}

    @Override
    public void close() {
      closes++;
    }
  }

  private long open() {
    return opened.stream().filter(replica -> replica.closes == 0).count();
  }

  private static void use(ReplicaPool.Lease lease) {
    try (lease) {
      lease.succeeded();
    }
  }

  @Test
  void keepsAReplicaForTheNextBorrower() {
    ReplicaPool pool = new ReplicaPool(2);
    for (int i = 0; i < 10; i++) {
      use(pool.borrow(engine, workload(4), 1));
    }
    assertThat(opened).hasSize(1);
    assertThat(open()).isEqualTo(1);
    pool.clear();
    assertThat(open()).isZero();
  }

  @Test
  void equalEnginesShare() {
    ReplicaPool pool = new ReplicaPool(2);
    use(pool.borrow(engine, workload, 1));
    use(pool.borrow(new CountedEngine("one", opened), workload, 1));
    assertThat(opened).hasSize(1);
  }

  @Test
  void neverLendsAReplicaTwiceAtOnce() {
    ReplicaPool pool = new ReplicaPool(2);
    ReplicaPool.Lease one = pool.borrow(engine, workload, 1);
    ReplicaPool.Lease other = pool.borrow(engine, workload, 1);
    assertThat(one.replica()).isNotSameAs(other.replica());
  }

  @Test
  void keepsNoMoreThanItsCapacity() {
    ReplicaPool pool = new ReplicaPool(2);
    List<ReplicaPool.Lease> leases = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      leases.add(pool.borrow(engine, workload, 1));
    }
    leases.forEach(ReplicaPoolTest::use);
    assertThat(open()).isEqualTo(2);
  }

  @Test
  void closesAReplicaWhoseUseFailed() {
    ReplicaPool pool = new ReplicaPool(2);
    assertThatThrownBy(
            () -> {
              try (ReplicaPool.Lease lease = pool.borrow(engine, workload, 1)) {
                assertThat(lease.replica()).isNotNull();
                throw new IllegalStateException("step");
              }
            })
        .hasMessage("step");
    assertThat(opened).hasSize(1);
    assertThat(open()).isZero();
    use(pool.borrow(engine, workload, 1));
    assertThat(opened).hasSize(2);
  }

  @Test
  void closesIdleReplicasOfAnotherKey() {
    ReplicaPool pool = new ReplicaPool(4);
    use(pool.borrow(engine, workload, 1));
    use(pool.borrow(engine, workload, 2));
    assertThat(open()).as("threads differ").isEqualTo(1);
    use(pool.borrow(engine, workload(5), 2));
    assertThat(open()).as("workload differs").isEqualTo(1);
    use(pool.borrow(new CountedEngine("two", opened), workload(5), 2));
    assertThat(open()).as("engine differs").isEqualTo(1);
    assertThat(opened).hasSize(4);
  }

  @Test
  void closesAReplicaGivenBackAfterTheKeyChanged() {
    ReplicaPool pool = new ReplicaPool(4);
    ReplicaPool.Lease old = pool.borrow(engine, workload, 1);
    use(pool.borrow(engine, workload(5), 1));
    use(old);
    assertThat(opened.get(0).closes).isEqualTo(1);
    assertThat(opened.get(1).closes).isZero();
  }

  /** As by a task that outlives its run. */
  @Test
  void closesAReplicaGivenBackAfterTheEnd() {
    ReplicaPool pool = new ReplicaPool(4);
    ReplicaPool.Lease lease = pool.borrow(engine, workload, 1);
    pool.clear();
    use(lease);
    assertThat(open()).isZero();
    use(pool.borrow(engine, workload, 1));
    use(pool.borrow(engine, workload, 1));
    assertThat(opened).hasSize(2);
  }

  @Test
  void leaseClosedTwiceGivesBackOnce() {
    ReplicaPool pool = new ReplicaPool(4);
    ReplicaPool.Lease lease = pool.borrow(engine, workload, 1);
    lease.succeeded();
    lease.close();
    lease.close();
    assertThat(opened.get(0).closes).isZero();
    ReplicaPool.Lease one = pool.borrow(engine, workload, 1);
    ReplicaPool.Lease other = pool.borrow(engine, workload, 1);
    lease.close();
    assertThat(one.replica()).isNotSameAs(other.replica());
    assertThat(open()).isEqualTo(2);
  }
}
