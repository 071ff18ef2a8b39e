package dev.postern.traffic;

import dev.postern.net.Address;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One end of traffic, as far as its log knows it. Names win over addresses: who is named is that workload, whatever address it had.
 *
 * @param namespace empty for what is no pod
 * @param pod its name; empty for what is no pod, or a pod that is not named
 * @param workloads the workloads that own the pod, the likeliest first
 * @param address its address then
 * @param reserved what it was taken for if it is no pod; several, as a node that is an API server, too
 * @param called what the log calls something that it gives no address and no workload, as {@code pub}; else empty
 */
public record FlowEnd(
    String namespace,
    String pod,
    List<Owner> workloads,
    Optional<Address> address,
    Set<ReservedIdentity> reserved,
    String called) {

  /**
   * A workload that owns a pod.
   *
   * @param name its name
   * @param kind its kind; empty if the log does not say it
   */
  public record Owner(String name, String kind) {}

  public FlowEnd {
    workloads = List.copyOf(workloads);
    reserved = Set.copyOf(reserved);
  }

  /** A pod that is named, or an address of which nothing is said where namespace and pod are empty. */
  public FlowEnd(String namespace, String pod, List<Owner> workloads, Optional<Address> address) {
    this(namespace, pod, workloads, address, Set.of(), "");
  }

  /** An address of which nothing more is said. */
  public static FlowEnd at(Address address) {
    return new FlowEnd("", "", List.of(), Optional.of(address));
  }

  /** Some pod of a workload. */
  public static FlowEnd ofWorkload(
      String namespace, List<Owner> workloads, Optional<Address> address) {
    return new FlowEnd(namespace, "", workloads, address);
  }

  /** Something of which the log gives neither address nor workload, but a word. */
  public static FlowEnd called(String word) {
    return new FlowEnd("", "", List.of(), Optional.empty(), Set.of(), word);
  }

  /** Whether the log names the pod, or the workload, that it is. */
  public boolean isPod() {
    return !namespace.isEmpty() && (!pod.isEmpty() || !workloads.isEmpty());
  }

  @Override
  public String toString() {
    return isPod()
        ? namespace + "/" + (pod.isEmpty() ? workloads.get(0).name() : pod)
        : address.map(Address::toString).orElse(called.isEmpty() ? "unknown" : called);
  }
}
