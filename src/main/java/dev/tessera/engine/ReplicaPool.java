package dev.tessera.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Open replicas kept between rounds, so that a round does not pay for opening one. Thread-safe.
 *
 * <p>Holds idle replicas of one key (engine, workload, threads) at a time, that of the latest
 * borrower, and at most {@code capacity} of them: a JVM trains one network at a time, and what
 * belongs to another key is closed when it is given back.
 */
public final class ReplicaPool {
  private final int capacity;
  private final Deque<Replica> idle = new ArrayDeque<>();
  private @Nullable Key current;

  public ReplicaPool(int capacity) {
    this.capacity = capacity;
  }

  /** An idle replica of that key, or a new one. Close the lease to give it back. */
  public Lease borrow(Engine engine, Workload workload, int threads) {
    Key key = new Key(engine, workload, threads);
    Replica found = take(key);
    return new Lease(this, key, found != null ? found : engine.open(workload, threads));
  }

  private synchronized @Nullable Replica take(Key key) {
    if (!key.equals(current)) {
      clear();
      current = key;
    }
    return idle.poll();
  }

  private synchronized void giveBack(Key key, Replica replica) {
    if (key.equals(current) && idle.size() < capacity) {
      idle.push(replica);
    } else {
      replica.close();
    }
  }

  /** Closes every idle replica, and those that are lent when they come back. */
  public synchronized void clear() {
    current = null;
    while (!idle.isEmpty()) {
      idle.pop().close();
    }
  }

  private record Key(Engine engine, Workload workload, int threads) {}

  /** One borrowed replica. */
  public static final class Lease implements AutoCloseable {
    private final ReplicaPool pool;
    private final Key key;
    private final Replica replica;
    private boolean healthy;
    private boolean closed;

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

    /** Gives the replica back. May be called twice. */
    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      if (healthy) {
        pool.giveBack(key, replica);
      } else {
        replica.close();
      }
    }
  }
}
