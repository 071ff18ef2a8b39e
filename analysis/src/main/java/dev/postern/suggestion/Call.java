package dev.postern.suggestion;

import dev.postern.cluster.Workload;
import dev.postern.meaning.Flow;
import dev.postern.net.Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Flows between the pods of one workload, or an address, and those of another, on one port, as policies see them: never a Service.
 *
 * @param source who calls
 * @param destination who is called
 * @param flow one of the flows
 * @param evidence how often, and when
 * @param flows all of them that differ
 */
record Call(Party source, Party destination, Flow flow, Evidence evidence, Set<Flow> flows) {

  /** One end. */
  sealed interface Party {
    /** Pods of a workload, one of several whose pods no lasting label tells apart. */
    record Pods(Workload workload, List<Workload> alike) implements Party {
      /** The first of those that are alike stands for all. */
      Workload key() {
        return alike.get(0);
      }
    }

    /** An address that nothing in the cluster has. */
    record Outside(Address address) implements Party {}

    /** Nobody whom a policy could name. */
    record Nobody(Unresolved why) implements Party {}
  }

  Call(Party source, Party destination, Flow flow, Evidence evidence) {
    this(source, destination, flow, evidence, Set.of(flow));
  }

  Call plus(Call more) {
    Set<Flow> all = new LinkedHashSet<>(flows);
    all.addAll(more.flows);
    return new Call(source, destination, flow, evidence.plus(more.evidence), all);
  }

  /** What is the same of calls that are one. */
  List<Object> key() {
    return List.of(key(source), key(destination), flow.protocol(), flow.port());
  }

  private static Object key(Party party) {
    return party instanceof Party.Pods pods
        ? List.of(pods.key().namespace(), pods.key().name(), pods.key().kind())
        : party;
  }

  /** All calls that are one as one, in the order in which they first came. */
  static List<Call> together(List<Call> calls) {
    Map<List<Object>, Call> all = new LinkedHashMap<>();
    calls.forEach(call -> all.merge(call.key(), call, Call::plus));
    return new ArrayList<>(all.values());
  }
}
