package dev.postern.replay;

import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.replay.RecordedEnd.Match;
import dev.postern.replay.RecordedEnd.NodeRelation;
import dev.postern.service.ServiceAddresses;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowEnd.Owner;
import dev.postern.traffic.ReservedIdentity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds what a party of a log is in a cluster. A log knows what address a pod had: where manifests give the pod another address or none, a
 * pod with the log's address is added. Where the two contradict each other on who has an address, the party is not known.
 */
final class EndLookup {

  private final Plan plan;
  private final Map<String, List<End.InPod>> pods = new HashMap<>();
  private final Map<String, List<Workload>> workloads = new HashMap<>();
  private final Map<Address, End.InPod> byAddress = new HashMap<>();
  private final Set<Address> nodes = new HashSet<>();
  private final Map<Address, String> services = new HashMap<>();
  private final Map<Address, String> shared = new HashMap<>();
  private final boolean nodesAreSelected;
  private final Map<String, End.InPod> added = new HashMap<>();

  EndLookup(Plan plan) {
    this.plan = plan;
    for (Workload workload : plan.cluster().workloads()) {
      workloads
          .computeIfAbsent(workload.namespace() + "/" + workload.name(), n -> new ArrayList<>(1))
          .add(workload);
    }
    for (End.InPod end : plan.classes().endpoints()) {
      end.pod()
          .map(Pod::name)
          .ifPresent(name -> pods.computeIfAbsent(
                  end.workload().namespace() + "/" + name, n -> new ArrayList<>(1))
              .add(end));
      if (!end.workload().hostNetwork()) {
        end.address().ifPresent(address -> {
          End.InPod other = byAddress.putIfAbsent(address, end);
          if (other != null) {
            shared.merge(address, other + " and " + end, (before, now) -> before + " and " + end);
          }
        });
      }
    }
    plan.cluster().nodes().stream().map(Node::addresses).forEach(nodes::addAll);
    byAddress.keySet().removeAll(shared.keySet());
    for (ServiceAddresses.Entry entry : ServiceAddresses.of(plan.cluster()).in(AddressSet.ALL)) {
      Service service = entry.service();
      entry
          .address()
          .ifPresent(
              address -> services.putIfAbsent(address, service.namespace() + "/" + service.name()));
    }
    this.nodesAreSelected = plan.cluster().policies().stream()
        .flatMap(policy -> policy.rules().stream())
        .flatMap(
            rule -> rule.peers() instanceof Peers.AnyOf any ? any.peers().stream() : Stream.empty())
        .anyMatch(Peer.Nodes.class::isInstance);
  }

  /** The pods with addresses that only the log gives them. */
  Collection<End.InPod> added() {
    return added.values();
  }

  /** Whether a pod has its address in the manifests. */
  boolean isPlanned(End.InPod pod) {
    return pod.equals(byAddress.get(pod.address().orElseThrow()));
  }

  /** Whether no pod, node or Service of the manifests has an address. */
  boolean isOutside(Address address) {
    return !byAddress.containsKey(address)
        && !nodes.contains(address)
        && !services.containsKey(address)
        && !isShared(address);
  }

  /** Whether the manifests give an address to several pods. */
  boolean isShared(Address address) {
    return shared.containsKey(address);
  }

  private String severalHave(Address address) {
    return address + " is the address of several pods in the manifests: " + shared.get(address);
  }

  /** The pod, the Service or else the node that has an address. */
  Match holder(Address address) {
    End.InPod pod = byAddress.get(address);
    if (pod != null) {
      return of(pod.workload().id(), pod);
    }
    if (isShared(address)) {
      return unknown(address.toString(), severalHave(address));
    }
    return services.containsKey(address)
        ? unknown(
            address.toString(),
            address + " is the address of Service " + services.get(address)
                + ", and the log does not say which pod it chose")
        : of(address.toString(), new End.Outside(address));
  }

  Match outside(Address address) {
    int number = plan.classes().classOf(address);
    return new Match(
        "",
        Optional.of(new End.Outside(plan.classes().range(number).first())),
        NodeRelation.ANY,
        "",
        number);
  }

  private static Match of(String name, End end) {
    return new Match(name, Optional.of(end), NodeRelation.ANY, "", -1);
  }

  private static Match unknown(String name, String why) {
    return new Match(name, Optional.empty(), NodeRelation.ANY, why, -1);
  }

  /**
   * What a party is that a log gives more of than an address, or less.
   *
   * @param family the family of the flow's addresses
   */
  Match match(FlowEnd party, Optional<Family> family) {
    if (party.isPod()) {
      return pod(party, family);
    }
    if (party.address().isEmpty()
        && party.namespace().isEmpty()
        && party.reserved().isEmpty()) {
      return unknown(
          party.toString(),
          "the log calls it " + party + ", and gives neither an address nor a workload");
    }
    if (party.address().isEmpty()) {
      return unknown(
          party.toString(),
          "the log does not name the pod of namespace " + party.namespace()
              + ", and gives no address");
    }
    Address address = party.address().get();
    if (isShared(address)) {
      return unknown(address.toString(), severalHave(address));
    }
    Optional<End.InPod> holder = Optional.ofNullable(byAddress.get(address));
    return party.reserved().isEmpty()
        ? unnamedPod(party, address, holder)
        : reserved(party, address, holder);
  }

  private Match pod(FlowEnd party, Optional<Family> family) {
    List<End.InPod> known = pods.getOrDefault(party.namespace() + "/" + party.pod(), List.of());
    List<Workload> owners = owners(party, known);
    if (owners.isEmpty()) {
      return unknown(party.toString(), party + " is not in the manifests");
    }
    if (owners.size() > 1) {
      return unknown(
          party.toString(),
          "the manifests hold " + owners.get(0).id() + " as "
              + owners.stream().map(Workload::kind).sorted().collect(Collectors.joining(" and "))
              + ", and the log does not say which of them " + party + " belongs to");
    }
    Workload workload = owners.get(0);
    if (party.address().isEmpty()) {
      Optional<End.InPod> end = (known.isEmpty() ? endpoints(workload) : known)
          .stream()
              .filter(each -> each.address().isEmpty()
                  || family.isEmpty()
                  || each.address().map(Address::family).equals(family))
              .findFirst();
      return end.map(each -> of(each.workload().id(), each))
          .orElseGet(() -> unknown(
              workload.id(),
              "the manifests give " + party + " no "
                  + family.map(Family::toString).orElse("known")
                  + " address, as the other end has"));
    }
    Address address = party.address().get();
    Optional<End.InPod> same = known.stream()
        .filter(each -> each.address().equals(Optional.of(address)))
        .findFirst();
    return same.map(end -> of(end.workload().id(), end))
        .orElseGet(() -> at(
            address,
            workload,
            party,
            known.stream().findFirst().flatMap(End.InPod::pod).flatMap(Pod::node)));
  }

  /** A pod at an address that only the log gives it. */
  private Match at(Address address, Workload workload, FlowEnd party, Optional<String> node) {
    String says = "the log gives " + party + " the address " + address;
    if (isShared(address)) {
      return unknown(workload.id(), says + ", and " + severalHave(address));
    }
    Optional<End.InPod> holder = Optional.ofNullable(byAddress.get(address));
    if (holder.isPresent()) {
      return unknown(
          workload.id(),
          says + ", which is that of " + holder.get().workload().id() + " in the manifests");
    }
    if (workload.hostNetwork()
        ? !nodes.isEmpty() && !nodes.contains(address)
        : nodes.contains(address)) {
      return unknown(
          workload.id(),
          says
              + (workload.hostNetwork()
                  ? ", and the manifests put it on the host network, where it has its node's"
                  : ", which is a node's in the manifests"));
    }
    return of(
        workload.id(),
        added.computeIfAbsent(workload.id() + " " + party.pod() + " " + address, k -> {
          Pod pod = new Pod(party.pod(), node, List.of(address), workload.origin());
          Workload alone = new Workload(
              workload.namespace(),
              workload.name(),
              workload.kind(),
              workload.labels(),
              workload.ports(),
              workload.hostNetwork(),
              List.of(pod),
              workload.origin());
          return new End.InPod(alone, Optional.of(pod), Optional.of(address));
        }));
  }

  /** The workload of a pod; several where the log's words fit more than one. */
  private List<Workload> owners(FlowEnd party, List<End.InPod> known) {
    if (!known.isEmpty()) {
      return List.of(known.get(0).workload());
    }
    for (Owner owner : party.workloads()) {
      List<Workload> named =
          workloads.getOrDefault(party.namespace() + "/" + owner.name(), List.of());
      List<Workload> ofKind =
          named.stream().filter(each -> each.kind().equals(owner.kind())).toList();
      if (!named.isEmpty()) {
        return ofKind.isEmpty() ? named : ofKind;
      }
    }
    return List.of();
  }

  private Match unnamedPod(FlowEnd party, Address address, Optional<End.InPod> holder) {
    return holder
        .filter(pod -> pod.workload().namespace().equals(party.namespace()))
        .map(pod -> of(pod.workload().id(), pod))
        .orElseGet(() -> unknown(
            address.toString(),
            "the log does not name the pod of namespace " + party.namespace() + " at " + address
                + ", and no manifest says which it is"));
  }

  private Match reserved(FlowEnd party, Address address, Optional<End.InPod> holder) {
    Set<ReservedIdentity> reserved = party.reserved();
    String says = "the log says that " + address + " is "
        + reserved.stream().sorted().findFirst().orElseThrow();
    if (reserved.stream().allMatch(ReservedIdentity::isSomePod)) {
      return holder
          .map(pod -> of(pod.workload().id(), pod))
          .orElseGet(
              () -> unknown(address.toString(), says + ", and no manifest says which pod it is"));
    }
    if (holder.isPresent()) {
      return unknown(
          address.toString(), says + ", and the manifests say that it is " + holder.get());
    }
    boolean host = reserved.contains(ReservedIdentity.HOST);
    boolean isNode = host || reserved.contains(ReservedIdentity.REMOTE_NODE);
    boolean known = nodes.contains(address);
    if (known && reserved.stream().allMatch(ReservedIdentity::isWorld)) {
      return unknown(address.toString(), says + ", and the manifests say that it is a node's");
    }
    if (isNode && !known && nodesAreSelected) {
      return unknown(
          address.toString(),
          says + ", and policies look at the labels of nodes, which no manifest gives for it");
    }
    return host || isNode || known
        ? new Match(
            address.toString(),
            Optional.of(new End.Outside(address)),
            host ? NodeRelation.OWN_NODE : isNode ? NodeRelation.OTHER_NODE : NodeRelation.ANY,
            "",
            -1)
        : outside(address);
  }

  /** The pods of the same template as one that is gone, or the template itself where none is there. */
  private List<End.InPod> endpoints(Workload workload) {
    return workload.pods().isEmpty()
        ? List.of(End.InPod.template(workload))
        : workload.pods().stream()
            .flatMap(pod ->
                pods.getOrDefault(workload.namespace() + "/" + pod.name(), List.of()).stream())
            .filter(end -> end.workload().equals(workload))
            .toList();
  }
}
