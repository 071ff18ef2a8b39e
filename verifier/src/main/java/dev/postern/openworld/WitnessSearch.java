package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diff.PolicyChanges;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.openworld.FlowCondition.Place;
import dev.postern.openworld.OpenDifference.Witness;
import dev.postern.openworld.Scopes.Scope;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Policy;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import dev.postern.solver.Formula;
import dev.postern.solver.FormulaModel;
import dev.postern.solver.FormulaSolver;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Looks for the plainest flow that a phrase covers and whose verdict changes indeed, since the other end lets it pass, and replays it on
 * {@link Reference} in both clusters.
 */
final class WitnessSearch {

  /** Networks that are set aside for documentation (RFC 5737, RFC 3849): a first address that nobody takes for their own. */
  private static final AddressSet FOR_EXAMPLE =
      AddressSet.ofAddresses(List.of(Address.parse("203.0.113.7"), Address.parse("2001:db8::7")));

  private final TimedQueries search;
  private final Cluster before;
  private final Cluster after;
  private final Versions versions;
  private final Scopes scopes;
  private final Options options;
  private final Set<String> keptNamespaces;
  private final AddressSet free;

  /**
   * A flow that shows it.
   *
   * @param witness the flow
   * @param always whether the other end lets all flows of the phrase pass
   */
  record Shown(Witness witness, boolean always) {}

  WitnessSearch(
      TimedQueries search,
      Cluster before,
      Cluster after,
      Versions versions,
      Scopes scopes,
      Options options,
      Set<String> keptNamespaces) {
    this.search = search;
    this.before = before;
    this.after = after;
    this.versions = versions;
    this.scopes = scopes;
    this.options = options;
    this.keptNamespaces = keptNamespaces;
    this.free = held(before, after).complement();
  }

  /** A flow of a phrase that holds for changed flows only. */
  Optional<Shown> show(Implicant phrase) {
    return show(phrase, List.of(), List.of());
  }

  /** A flow of any phrase, of which these policies decide whether it changes; nothing is said of others that it covers. */
  Optional<Shown> show(Implicant phrase, List<Policy> deciding, List<Policy> decidingNow) {
    ComparisonSetting setting = phrase.setting();
    List<Policy> old = others(phrase, versions.before());
    List<Policy> now = others(phrase, versions.after());
    boolean mayRefuse = !(setting.opened() ? now : old).isEmpty();
    old.addAll(deciding);
    now.addAll(decidingNow);
    FlowEncoding encoding = encoding(phrase, old, now);
    Formula admitted = encoding.passes(setting.opened(), setting.otherSide(), setting.perhaps());
    Formula covered = search.logic().and(encoding.given(), encoding.all(phrase.words()));
    boolean isSure = deciding.isEmpty() && decidingNow.isEmpty();
    Formula changed =
        isSure ? search.logic().yes() : VerdictChanges.of(search.logic(), setting, encoding);
    FormulaSolver solver = search.solver(covered, admitted, changed);
    if (!search.isSatisfiable(solver, List.of())) {
      return Optional.empty();
    }
    boolean always = isSure
        && (!mayRefuse
            || !search.isSatisfiable(
                search.solver(covered, search.logic().not(admitted)), List.of()));
    FormulaModel model = search.simplest(solver, wishes(phrase, encoding));
    return Optional.of(new Shown(replayed(setting, encoding, model), always));
  }

  /** The policies that have a say on the other end, as far as the phrase leaves it open where that is. */
  private List<Policy> others(Implicant phrase, Cluster cluster) {
    ComparisonSetting setting = phrase.setting();
    List<Policy> others = new ArrayList<>();
    if (setting.peer() instanceof Role.AnyAddress) {
      return others;
    }
    Scope scope = scopes.of(
        new NamespaceSelection.Matching(new Selector(phrase.namespaces(setting.peerPlace()))));
    for (Policy policy : cluster.policies()) {
      if (PolicyChanges.concerns(policy, setting.otherSide())
          && scopes.of(policy).meets(scope)) {
        others.add(PolicyChanges.only(policy, setting.otherSide()));
      }
    }
    return others;
  }

  private FlowEncoding encoding(Implicant phrase, List<Policy> old, List<Policy> now) {
    List<Requirement> mentioned = new ArrayList<>();
    List<Role> roles = new ArrayList<>();
    for (Place place : Place.values()) {
      mentioned.addAll(phrase.namespaces(place));
      roles.add(new Role.AnyPod(
          new NamespaceSelection.Matching(new Selector(phrase.namespaces(place))),
          new Selector(phrase.labels(place))));
    }
    Versions narrow = versions.with(old, now, mentioned, keptNamespaces);
    List<Policy> all = new ArrayList<>(old);
    all.addAll(now);
    Vocabulary vocabulary = Vocabulary.of(all, roles);
    phrase.names().forEach(vocabulary::add);
    ComparisonSetting setting = phrase.setting();
    return new FlowEncoding(
        search.logic(),
        options,
        narrow,
        vocabulary,
        setting.family(),
        setting.at(Place.SOURCE),
        setting.at(Place.DESTINATION),
        setting.unaddressed());
  }

  // --- the plainest

  private List<Formula> wishes(Implicant phrase, FlowEncoding encoding) {
    List<Formula> wishes = new ArrayList<>();
    for (Place place : Place.values()) {
      Actor actor = encoding.after().at(place);
      if (actor instanceof UnknownPod pod) {
        wishes.addAll(pod.wishes());
        if (phrase.at(place) instanceof PossibleEnds.Pods pods) {
          plain(pods.addresses().in(phrase.family()))
              .ifPresent(address -> wishes.add(pod.at(AddressSet.ofAddresses(List.of(address)))));
        }
      } else if (actor instanceof UnknownAddress outside
          && phrase.at(place) instanceof PossibleEnds.Addresses addresses) {
        wishes.add(outside.at(FOR_EXAMPLE));
        plain(addresses.addresses().in(phrase.family()))
            .ifPresent(address -> wishes.add(outside.at(AddressSet.ofAddresses(List.of(address)))));
      }
    }
    RowTraffic carried = phrase.carried();
    for (Protocol protocol : Protocol.values()) {
      if (protocol.hasPorts() && !carried.traffic().ports(protocol).isEmpty()) {
        PortSet ports = carried.traffic().ports(protocol);
        wishes.add(encoding.packet().is(protocol));
        wishes.add(encoding
            .packet()
            .in(
                protocol,
                PortSet.of(ports.contains(80) ? 80 : ports.intervals().get(0).first())));
        break;
      }
    }
    return wishes;
  }

  /** The first address among these that nobody has, and that does not look like a network's. */
  private Optional<Address> plain(AddressSet addresses) {
    AddressSet some = addresses.intersect(free);
    if (some.isEmpty()) {
      return Optional.empty();
    }
    Address first = some.ranges().get(0).first();
    return Optional.of(first.isLast() || !some.contains(first.next()) ? first : first.next());
  }

  private static AddressSet held(Cluster before, Cluster after) {
    List<Address> held = new ArrayList<>();
    for (Cluster cluster : List.of(before, after)) {
      cluster
          .workloads()
          .forEach(workload -> workload.pods().forEach(pod -> held.addAll(pod.addresses())));
    }
    return AddressSet.ofAddresses(held);
  }

  // --- the replay

  private Witness replayed(ComparisonSetting setting, FlowEncoding encoding, FormulaModel model) {
    SymbolicPacket packet = encoding.packet();
    Protocol protocol = Protocol.OTHER;
    for (Protocol each : Protocol.values()) {
      if (model.holds(packet.is(each))) {
        protocol = each;
      }
    }
    int port = protocol.hasPorts() ? model.value(packet.port()) : 0;
    List<Workload> come = new ArrayList<>();
    SortedMap<String, Namespace> old = new TreeMap<>(versions.before().namespaces());
    SortedMap<String, Namespace> now = new TreeMap<>(versions.after().namespaces());
    List<End> ends = new ArrayList<>();
    Set<String> freelyNamed = new HashSet<>();
    for (Place place : Place.values()) {
      Actor actor = encoding.after().at(place);
      if (actor instanceof UnknownPod pod) {
        Namespace namespace = pod.namespace(model, now);
        old.putIfAbsent(namespace.name(), namespace);
        now.putIfAbsent(namespace.name(), namespace);
        if (pod.isFreelyNamed(model)) {
          freelyNamed.add(namespace.name());
        }
        Workload workload = pod.read(model, namespace);
        come.add(workload);
        ends.add(end(workload));
      } else {
        ends.add(
            actor instanceof UnknownAddress outside
                ? outside.read(model)
                : ((KnownActor) actor).end());
      }
    }
    Flow flow = new Flow(ends.get(0), ends.get(1), protocol, port);
    Cluster one = with(before, old, come, ends);
    Cluster other = with(after, now, come, ends);
    Judgement was = new Reference(one, options).judge(flow);
    Judgement is = new Reference(other, options).judge(flow);
    if (setting.opened() ? rank(is) <= rank(was) : rank(is) >= rank(was)) {
      throw new IllegalStateException("Z3 and the reference disagree on whether " + flow
          + " changes from " + was.verdict() + " to " + is.verdict() + ": please report this");
    }
    return new Witness(one, other, was, is, freelyNamed);
  }

  private static End end(Workload workload) {
    if (workload.pods().isEmpty()) {
      return End.InPod.template(workload);
    }
    Pod pod = workload.pods().get(0);
    return new End.InPod(workload, Optional.of(pod), Optional.of(pod.addresses().get(0)));
  }

  private static int rank(Judgement judgement) {
    return judgement.verdict() == FlowVerdict.ALLOWED
        ? 2
        : judgement.verdict() == FlowVerdict.UNKNOWN ? 1 : 0;
  }

  /** The cluster with these pods, in the place of those that have their addresses now. */
  private static Cluster with(
      Cluster cluster,
      SortedMap<String, Namespace> namespaces,
      List<Workload> come,
      List<End> ends) {
    Set<Address> taken = new HashSet<>();
    Set<Workload> known = new HashSet<>();
    for (End end : ends) {
      if (end instanceof End.InPod pod && !come.contains(pod.workload())) {
        known.add(pod.workload());
      } else if (end instanceof End.InPod pod) {
        pod.address().ifPresent(taken::add);
      } else {
        taken.add(((End.Outside) end).address());
      }
    }
    List<Workload> workloads = new ArrayList<>(come);
    for (Workload workload : cluster.workloads()) {
      if (!known.contains(workload)) {
        workloads.add(without(workload, taken));
      }
    }
    workloads.addAll(known);
    return new Cluster(
        namespaces,
        workloads,
        cluster.services(),
        cluster.nodes(),
        cluster.entrances(),
        cluster.policies());
  }

  private static Workload without(Workload workload, Set<Address> taken) {
    List<Pod> pods = workload.pods().stream()
        .filter(
            pod -> workload.hostNetwork() || pod.addresses().stream().noneMatch(taken::contains))
        .toList();
    return pods.size() == workload.pods().size()
        ? workload
        : new Workload(
            workload.namespace(),
            workload.name(),
            workload.kind(),
            workload.labels(),
            workload.ports(),
            workload.hostNetwork(),
            pods,
            workload.origin());
  }
}
