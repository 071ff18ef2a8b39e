package dev.postern.replay;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.reach.Reachability;
import dev.postern.service.ServiceAddresses;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowEnd.Owner;
import dev.postern.traffic.ReservedIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ends of a log in a cluster. A log knows what address a pod had: where manifests give it another or none, the pod with the log's
 * address is judged. Where the two contradict each other on who has an address, nothing is judged.
 */
final class RecordedEnds {

  /** What a log says of an end and a node. */
  enum Standing {
    /** Nothing. */
    ANY,
    /** It is the node that the flow was seen on, which is that of the pod at the other end. */
    OWN_NODE,
    /** It is another node. */
    OTHER_NODE
  }

  /**
   * A party in the cluster's words.
   *
   * @param name what rows call it; of a range, its addresses do
   * @param end who it is; empty if that is not known
   * @param standing what the log says of it and nodes
   * @param unknown why it is not known; empty if it is
   * @param range the class of addresses outside that it is one of; -1 if it is none
   */
  private record Content(
      String name, Optional<End> end, Standing standing, String unknown, int range) {}

  /**
   * What makes a party another.
   *
   * @param family of one that is not known, the family of its address: it decides which address the other end has
   */
  private record Identity(Content content, Optional<Family> family) {}

  /** A party in the cluster's words. There is one for each identity, so that it is equal to itself only. */
  static final class Named {
    private final Content content;
    private final FlowEnd said;

    private Named(Content content, FlowEnd said) {
      this.content = content;
      this.said = said;
    }

    /** What a log may say of it, so that it is the same again whatever is said of the other end; of a range, at this address. */
    FlowEnd at(Optional<Address> address) {
      if (isRange() && address.isPresent()) {
        return FlowEnd.at(address.get());
      }
      // A pod is named even where it has no address: what the log said of its workload may mean a
      // sibling that has one of the other end's family.
      return content.end.isPresent()
              && content.end.get() instanceof End.InPod end
              && (end.address().isPresent() || end.pod().isPresent())
          ? new FlowEnd(
              end.workload().namespace(),
              end.pod().map(Pod::name).orElse(""),
              said.workloads(),
              end.address())
          : said;
    }

    /** What a log may say of it where addresses mean others: of a pod its name and workload, and that another address is outside. */
    FlowEnd whenever(Optional<Address> address) {
      if (isRange() && address.isPresent()) {
        return outside(address.get());
      }
      return content.end.isPresent() && content.end.get() instanceof End.InPod end
          ? new FlowEnd(
              end.workload().namespace(),
              end.pod().map(Pod::name).orElse(""),
              List.of(new Owner(end.workload().name(), end.workload().kind())),
              Optional.empty())
          : said;
    }

    /** An address outside, whoever else had it or will. */
    static FlowEnd outside(Address address) {
      return new FlowEnd(
          "", "", List.of(), Optional.of(address), Set.of(ReservedIdentity.WORLD), "");
    }

    String name() {
      return content.name;
    }

    Optional<End> end() {
      return content.end;
    }

    Standing standing() {
      return content.standing;
    }

    String unknown() {
      return content.unknown;
    }

    /** Whether it is any of the addresses outside that no policy tells apart. */
    boolean isRange() {
      return content.range >= 0;
    }
  }

  /** What a log says of a party, and of the family of its flow. */
  private record Said(FlowEnd party, Optional<Family> family) {}

  /** Endpoints of one workload and one family that no policy tells apart. */
  private record Alike(Workload workload, int number, Family family) {}

  private final Plan plan;
  private final Map<String, List<End.InPod>> pods = new HashMap<>();
  private final Map<String, List<Workload>> workloads = new HashMap<>();
  private final Map<Address, End.InPod> byAddress = new HashMap<>();
  private final Set<Address> nodes = new HashSet<>();
  private final Map<Address, String> services = new HashMap<>();
  private final Map<Address, String> shared = new HashMap<>();
  private final Map<Identity, Named> all = new HashMap<>();
  private final Map<Said, Named> said = new HashMap<>();
  private final Map<Integer, Named> ranges = new HashMap<>();
  private final Map<Address, Named> holders = new HashMap<>();
  private final Map<Named, Named> folded = new HashMap<>();
  private final Map<Alike, Named> alike = new HashMap<>();
  private final boolean nodesAreSelected;
  private final Map<String, End.InPod> added = new HashMap<>();
  private Optional<Reachability> planned = Optional.empty();
  private int plannedEnds;

  RecordedEnds(Plan plan) {
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
        .flatMap(policy ->
            Stream.of(Direction.values()).flatMap(direction -> policy.rules(direction).stream()))
        .flatMap(
            rule -> rule.peers() instanceof Peers.AnyOf any ? any.peers().stream() : Stream.empty())
        .anyMatch(Peer.Nodes.class::isInstance);
  }

  /** The policies over all pods that were found so far, those with a log's addresses among them. */
  Reachability policies(Reachability before) {
    if (added.isEmpty()) {
      return before;
    }
    if (planned.isPresent() && plannedEnds == added.size()) {
      return planned.get();
    }
    Cluster cluster = plan.cluster();
    List<Workload> all = new ArrayList<>(cluster.workloads());
    added.values().forEach(end -> all.add(end.workload()));
    planned = Optional.of(Reachability.of(Plan.of(cluster.withWorkloads(all), plan.options())));
    plannedEnds = added.size();
    return planned.get();
  }

  /**
   * Who a party is.
   *
   * @param family the family of the flow's addresses
   */
  Named named(FlowEnd party, Optional<Family> family) {
    if (party.isPod() || !party.namespace().isEmpty() || !party.reserved().isEmpty()) {
      Said key = new Said(party, family);
      Named known = said.get(key);
      if (known == null) {
        known = intern(content(party, family), party);
        if (!known.isRange()) {
          said.put(key, known);
        }
      }
      return known;
    }
    if (party.address().isEmpty()) {
      return intern(
          unknown(
              party.toString(),
              "the log calls it " + party + ", and gives neither an address nor a workload"),
          party);
    }
    Address address = party.address().get();
    Named holder = holders.get(address);
    if (holder != null) {
      return holder;
    }
    End.InPod pod = byAddress.get(address);
    if (pod == null
        && !nodes.contains(address)
        && !services.containsKey(address)
        && !isShared(address)) {
      return range(address);
    }
    Named named = intern(
        pod != null
            ? of(pod.workload().id(), pod)
            : isShared(address)
                ? unknown(address.toString(), severalHave(address))
                : services.containsKey(address)
                    ? unknown(
                        address.toString(),
                        address + " is the address of Service " + services.get(address)
                            + ", and the log does not say which pod it chose")
                    : of(address.toString(), new End.Outside(address)),
        party);
    holders.put(address, named);
    return named;
  }

  /** Whether the manifests give an address to several pods. */
  boolean isShared(Address address) {
    return shared.containsKey(address);
  }

  private String severalHave(Address address) {
    return address + " is the address of several pods in the manifests: " + shared.get(address);
  }

  /** The addresses outside that no policy tells apart from this one. */
  private Named range(Address address) {
    int number = plan.classes().classOf(address);
    Named range = ranges.get(number);
    if (range == null) {
      range = intern(outside(address), FlowEnd.at(address));
      ranges.put(number, range);
    }
    return range;
  }

  private Named intern(Content content, FlowEnd said) {
    Identity identity = new Identity(
        content, content.end.isPresent() ? Optional.empty() : said.address().map(Address::family));
    Named known = all.get(identity);
    if (known == null) {
      known = new Named(content, said);
      all.put(identity, known);
    }
    return known;
  }

  private Content outside(Address address) {
    int number = plan.classes().classOf(address);
    return new Content(
        "",
        Optional.of(new End.Outside(plan.classes().range(number).first())),
        Standing.ANY,
        "",
        number);
  }

  private static Content of(String name, End end) {
    return new Content(name, Optional.of(end), Standing.ANY, "", -1);
  }

  private static Content unknown(String name, String why) {
    return new Content(name, Optional.empty(), Standing.ANY, why, -1);
  }

  /**
   * The same end, or another pod of its workload that stands for it: one that no policy tells apart, where the other end is neither of the
   * same workload nor a node's.
   */
  Named folded(Named end, Named other) {
    if (end.end().isEmpty()
        || !(end.end().get() instanceof End.InPod pod)
        || pod.address().isEmpty()
        || pod.workload().hostNetwork()
        || !isElsewhere(pod, other)) {
      return end;
    }
    Named known = folded.get(end);
    if (known == null) {
      known = isPlanned(pod)
          ? alike.computeIfAbsent(
              new Alike(
                  pod.workload(),
                  plan.classes().classOf(pod),
                  pod.address().orElseThrow().family()),
              k -> end)
          : end;
      folded.put(end, known);
    }
    return known;
  }

  private boolean isPlanned(End.InPod pod) {
    return pod.equals(byAddress.get(pod.address().orElseThrow()));
  }

  private static boolean isElsewhere(End.InPod pod, Named other) {
    if (other.isRange() || other.end().isEmpty()) {
      return true;
    }
    return other.end().get() instanceof End.InPod peer
        && !peer.workload().hostNetwork()
        && !peer.workload().id().equals(pod.workload().id());
  }

  private Content content(FlowEnd party, Optional<Family> family) {
    if (party.isPod()) {
      return pod(party, family);
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

  private Content pod(FlowEnd party, Optional<Family> family) {
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
  private Content at(Address address, Workload workload, FlowEnd party, Optional<String> node) {
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

  private Content unnamedPod(FlowEnd party, Address address, Optional<End.InPod> holder) {
    return holder
        .filter(pod -> pod.workload().namespace().equals(party.namespace()))
        .map(pod -> of(pod.workload().id(), pod))
        .orElseGet(() -> unknown(
            address.toString(),
            "the log does not name the pod of namespace " + party.namespace() + " at " + address
                + ", and no manifest says which it is"));
  }

  private Content reserved(FlowEnd party, Address address, Optional<End.InPod> holder) {
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
        ? new Content(
            address.toString(),
            Optional.of(new End.Outside(address)),
            host ? Standing.OWN_NODE : isNode ? Standing.OTHER_NODE : Standing.ANY,
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
