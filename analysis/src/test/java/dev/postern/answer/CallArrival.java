package dev.postern.answer;

import dev.postern.cluster.Service;
import dev.postern.meaning.End;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import java.util.List;
import java.util.Optional;

/**
 * A place where a call may arrive.
 *
 * @param ends what it arrives at; empty for nowhere
 * @param by how the client comes there
 * @param called what the client called, where it is something else
 * @param family that of the address that the client called, where it is known
 */
record CallArrival(
    List<End> ends,
    Protocol protocol,
    int port,
    By by,
    Optional<Service> service,
    Optional<End> called,
    int calledPort,
    Optional<Family> family) {

  /** How a client comes to a pod. */
  enum By {
    /** At the pod's own address. */
    ITSELF,
    /** By the name or cluster IP of a Service. */
    SERVICE,
    /** By an external IP, which nodes take packets to for a Service. */
    EXTERNAL_IP,
    /** By a load balancer's address, which nodes take packets to as well. */
    BALANCER,
    /** By a load balancer that packets go to first. */
    PROXY,
    /** By a port of a node. */
    NODE
  }

  static CallArrival at(List<End> ends, Protocol protocol, int port) {
    return new CallArrival(
        ends,
        protocol,
        port,
        By.ITSELF,
        Optional.empty(),
        Optional.empty(),
        port,
        Optional.empty());
  }

  /** Whether a client speaks the family of the address that it calls and of this end, where the call arrives. */
  boolean isSpokenBetween(End client, End end) {
    Optional<Family> spoken = EndsOfPods.family(client);
    return EndsOfPods.speak(client, end)
        && (family.isEmpty() || spoken.isEmpty() || spoken.equals(family));
  }

  /**
   * Whether another place is behind the same Service at the same port. "IPv4/IPv6 dual-stack": DNS gives a client the addresses of both families,
   * and it calls one of a family that it has; kube-proxy leads it from there to endpoints of this family.
   */
  boolean isOfOneCallWith(CallArrival other) {
    return by == other.by && protocol == other.protocol && service.equals(other.service);
  }
}
