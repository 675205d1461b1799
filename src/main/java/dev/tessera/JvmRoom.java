package dev.tessera;

import dev.tessera.MemoryNeeds.Role;

/**
 * What one JVM of a run has room for, or several that have the same.
 *
 * @param name in messages, for example {@code the executor on host-a}
 * @param slots tasks that it runs at once
 * @param taskCpus cores of a slot
 * @param heapBytes to which its heap may grow
 * @param allocationBytes the most that JavaCPP allocates in it
 * @param processBytes the size of the process from which on JavaCPP refuses to allocate
 * @param containerBytes heap and overhead, as Spark asked for it from the cluster
 * @param machineBytes memory of its machine or container, shared with its like
 * @param sharing how many of a run share that
 */
record JvmRoom(
    String name,
    Role role,
    int slots,
    int taskCpus,
    long heapBytes,
    long allocationBytes,
    long processBytes,
    long containerBytes,
    long machineBytes,
    int sharing) {

  JvmRoom named(String other) {
    return new JvmRoom(
        other,
        role,
        slots,
        taskCpus,
        heapBytes,
        allocationBytes,
        processBytes,
        containerBytes,
        machineBytes,
        sharing);
  }
}
