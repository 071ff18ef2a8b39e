package dev.postern.suggestion;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.cluster.WorkloadSelectors;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.policy.PolicyKind;
import dev.postern.reach.Reachability;
import dev.postern.service.Backends;
import dev.postern.service.ServiceAddresses;
import dev.postern.service.ServiceBackend;
import dev.postern.suggestion.Call.Party;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Whom the ends of flows are to policies: pods that selectors can name, addresses outside, or nobody of whom that is known. */
final class SeenEnds {

  /** What becomes of a flow. */
  sealed interface Resolution {
    /** What policies have to let pass for it. */
    record Calls(List<Call> calls) implements Resolution {}

    /** It passes whatever policies say. */
    record Exempt() implements Resolution {}

    /** Nobody can say what to allow. */
    record Not(Unresolved why) implements Resolution {}
  }

  private final PolicyKind kind;
  private final Options options;
  private final Reachability policies;
  private final WorkloadSelectors selectors;
  private final Backends backends;
  private final ServiceAddresses services;
  private final Map<List<String>, Workload> workloads = new HashMap<>();
  private final Map<Address, End.InPod> pods = new HashMap<>();
  private final SortedSet<Address> nodes = new TreeSet<>();
  private final Set<Address> shared = new HashSet<>();

  SeenEnds(Reachability policies, WorkloadSelectors selectors, PolicyKind kind) {
    this.policies = policies;
    this.options = policies.plan().options();
    this.selectors = selectors;
    this.kind = kind;
    Cluster cluster = policies.plan().cluster();
    this.backends = Backends.of(cluster);
    this.services = ServiceAddresses.of(cluster);
    for (Workload workload : cluster.workloads()) {
      workloads.put(key(workload), workload);
      for (Pod pod : workload.pods()) {
        for (Address address : pod.addresses()) {
          if (!workload.hostNetwork()) {
            End.InPod end = new End.InPod(workload, Optional.of(pod), Optional.of(address));
            if (pods.putIfAbsent(address, end) != null) {
              shared.add(address);
            }
          } else {
            nodes.add(address);
          }
        }
      }
    }
    cluster.nodes().forEach(node -> nodes.addAll(node.addresses()));
  }

  private static List<String> key(Workload workload) {
    return List.of(workload.namespace(), workload.name(), workload.kind());
  }

  /** All addresses that belong to the cluster. */
  Collection<Address> inside() {
    SortedSet<Address> inside = new TreeSet<>(pods.keySet());
    inside.addAll(nodes);
    services.in(AddressSet.ALL).forEach(entry -> entry.address().ifPresent(inside::add));
    return inside;
  }

  /** Whether selectors of policies can name a workload's pods. */
  boolean isSelectable(Workload workload) {
    return !options.areNode(workload, kind);
  }

  /** What becomes of a flow. */
  Resolution resolve(SeenFlow seen) {
    End source = known(seen.source());
    End destination = known(seen.destination());
    if (new Flow(source, destination, seen.protocol(), seen.port()).isOfTwoFamilies()) {
      return new Resolution.Not(Unresolved.TWO_FAMILIES);
    }
    if (source instanceof End.Outside caller
        && !services.in(AddressSet.ofAddresses(List.of(caller.address()))).isEmpty()) {
      return new Resolution.Not(Unresolved.SERVICE_CALLS);
    }
    if (destination instanceof End.Outside called) {
      List<ServiceAddresses.Entry> entries =
          services.in(AddressSet.ofAddresses(List.of(called.address())));
      if (!entries.isEmpty()) {
        return throughService(seen, source, entries);
      }
    }
    return resolve(seen, source, destination, seen.port(), false);
  }

  /** The end in the cluster's words: an address of a pod is that pod. */
  private End known(End end) {
    return end instanceof End.Outside outside && !shared.contains(outside.address())
        ? Optional.<End>ofNullable(pods.get(outside.address())).orElse(end)
        : end;
  }

  /** A call of a Service may reach any of the pods behind it, each at its own port. */
  private Resolution throughService(
      SeenFlow seen, End source, List<ServiceAddresses.Entry> entries) {
    List<Call> calls = new ArrayList<>();
    for (ServiceAddresses.Entry entry : entries) {
      switch (entry.kind()) {
        case CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER -> {}
        case LOAD_BALANCER_PROXY, REQUESTED -> {
          return new Resolution.Not(Unresolved.LOAD_BALANCER);
        }
      }
      List<ServiceBackend> behind = entry.service().ports().stream()
          .filter(port -> port.protocol() == seen.protocol() && port.port() == seen.port())
          .flatMap(port -> backends.behind(entry.service(), port).stream())
          .filter(backend -> mayLeadTo(entry, backend.end()))
          .toList();
      for (ServiceBackend backend : behind) {
        Resolution one = resolve(seen, source, backend.end(), backend.port(), true);
        if (one instanceof Resolution.Not) {
          return one;
        }
        if (one instanceof Resolution.Calls some) {
          calls.addAll(some.calls());
        }
      }
      if (behind.isEmpty()) {
        return new Resolution.Not(Unresolved.NO_BACKEND);
      }
    }
    return calls.isEmpty() ? new Resolution.Exempt() : new Resolution.Calls(calls);
  }

  /** An address of one family leads to addresses of the same. */
  private static boolean mayLeadTo(ServiceAddresses.Entry entry, End end) {
    Optional<Address> address = end instanceof End.InPod pod
        ? pod.address()
        : end instanceof End.Outside outside ? Optional.of(outside.address()) : Optional.empty();
    return address.isEmpty()
        || entry.address().isEmpty()
        || address.get().family() == entry.address().get().family();
  }

  private Resolution resolve(
      SeenFlow seen, End source, End destination, int port, boolean throughService) {
    if (policies.isExempt(source, destination) && !(throughService && !kind.namespaced())) {
      return new Resolution.Exempt();
    }
    if (!seen.protocol().hasPorts()) {
      return new Resolution.Not(Unresolved.NO_PORTS);
    }
    Party caller = party(source);
    Party called = party(destination);
    if (caller instanceof Party.Nobody nobody) {
      return new Resolution.Not(nobody.why());
    }
    if (called instanceof Party.Nobody nobody) {
      return new Resolution.Not(nobody.why());
    }
    if (caller instanceof Party.Outside && called instanceof Party.Outside) {
      return new Resolution.Not(Unresolved.BOTH_OUTSIDE);
    }
    return new Resolution.Calls(List.of(new Call(
        caller,
        called,
        new Flow(source, destination, seen.protocol(), port, throughService),
        seen.evidence())));
  }

  private Party party(End end) {
    if (end instanceof End.Outside outside && shared.contains(outside.address())) {
      return new Party.Nobody(Unresolved.SHARED_ADDRESS);
    }
    if (end instanceof End.Outside outside) {
      return nodes.contains(outside.address())
          ? new Party.Nobody(Unresolved.NODE)
          : new Party.Outside(outside.address());
    }
    if (!(end instanceof End.InPod pod)) {
      return new Party.Nobody(Unresolved.UNPLACED);
    }
    Optional<Workload> workload = Optional.ofNullable(workloads.get(key(pod.workload())));
    if (workload.isEmpty()) {
      return new Party.Nobody(Unresolved.UNKNOWN_POD);
    }
    if (!isSelectable(workload.get())) {
      return new Party.Nobody(Unresolved.HOST_NETWORK);
    }
    return selectors.choose(workload.get()).isEmpty()
        ? new Party.Nobody(Unresolved.UNLABELLED)
        : new Party.Pods(workload.get(), selectors.alike(workload.get()));
  }
}
