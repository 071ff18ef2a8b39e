package dev.postern.replay;

import dev.postern.net.Address;
import dev.postern.net.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A packet that opened or carried on a connection, as a log has it; never a reply.
 *
 * @param place {@code file:line}
 * @param time when, as it was written; empty if it was not
 * @param source who called
 * @param destination who was called
 * @param protocol its protocol
 * @param port the destination port; 0 for {@link Protocol#OTHER}
 * @param passed whether it passed; if not, a policy dropped it
 * @param arriving whether this was seen where it arrived, so that nothing could drop it later
 */
public record Recorded(
    String place,
    String time,
    Party source,
    Party destination,
    Protocol protocol,
    int port,
    boolean passed,
    boolean arriving) {

  /**
   * A workload that owns a pod.
   *
   * @param name its name
   * @param kind its kind; empty if the log does not say it
   */
  public record Owner(String name, String kind) {}

  /**
   * One end, as far as the log knows it.
   *
   * @param namespace empty for what is no pod
   * @param pod its name; empty for what is no pod, or a pod that is not named
   * @param workloads the workloads that own the pod
   * @param address its address then
   * @param reserved what it was taken for if it is no pod; several, as a node that is an API server, too
   */
  public record Party(
      String namespace,
      String pod,
      List<Owner> workloads,
      Optional<Address> address,
      Set<ReservedIdentity> reserved) {
    public Party {
      workloads = List.copyOf(workloads);
      reserved = Set.copyOf(reserved);
    }

    /** A pod, or an address of which nothing is said. */
    public Party(String namespace, String pod, List<Owner> workloads, Optional<Address> address) {
      this(namespace, pod, workloads, address, Set.of());
    }

    /** Whether the log names the pod that it is. */
    public boolean isPod() {
      return !namespace.isEmpty() && !pod.isEmpty();
    }

    @Override
    public String toString() {
      return isPod() ? namespace + "/" + pod : address.map(Address::toString).orElse("unknown");
    }
  }
}
