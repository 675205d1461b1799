package dev.tessera.engine;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Open replicas kept between rounds, so that a round does not pay for opening one. Thread-safe.
 *
 * <p>Holds replicas of one key (engine, workload, threads) at a time, at most {@code capacity} idle
 * ones: a JVM trains one network at a time, and what belongs to another key is closed when it is
 * given back.
 */
public final class ReplicaPool {
  private final int capacity;
  private final Deque<Lease> idle = new ArrayDeque<>();

  public ReplicaPool(int capacity) {
    this.capacity = capacity;
  }

  /** An idle replica of that key, or a new one. Close the lease to give it back. */
  public Lease borrow(Engine engine, Workload workload, int threads) {
    Key key = new Key(engine, workload, threads);
    Lease found = take(key);
    return found != null ? found : new Lease(this, key, engine.open(workload, threads));
  }

  private synchronized @org.jspecify.annotations.Nullable Lease take(Key key) {
    while (!idle.isEmpty()) {
      Lease lease = idle.pop();
      if (lease.key.equals(key)) {
        return lease;
      }
      lease.replica.close();
    }
    return null;
  }

  private synchronized void giveBack(Lease lease) {
    if (idle.size() < capacity) {
      idle.push(lease);
    } else {
      lease.replica.close();
    }
  }

  /** Closes every idle replica. */
  public synchronized void clear() {
    while (!idle.isEmpty()) {
      idle.pop().replica.close();
    }
  }

  private record Key(Engine engine, Workload workload, int threads) {}

  /** One borrowed replica. */
  public static final class Lease implements AutoCloseable {
    private final ReplicaPool pool;
    private final Key key;
    private final Replica replica;
    private boolean healthy;

    private Lease(ReplicaPool pool, Key key, Replica replica) {
      this.pool = pool;
      this.key = key;
      this.replica = replica;
    }

    public Replica replica() {
      return replica;
    }

    /**
     * Says that the work went well: only then does {@link #close} keep the replica; one whose use
     * threw is closed for good.
     */
    public void succeeded() {
      healthy = true;
    }

    @Override
    public void close() {
      if (healthy) {
        healthy = false;
        pool.giveBack(this);
      } else {
        replica.close();
      }
    }
  }
}
