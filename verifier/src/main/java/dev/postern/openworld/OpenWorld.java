package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options.MissingAddress;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Action;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.reach.Reach;
import dev.postern.reach.Reachability;
import dev.postern.solver.Engine;
import dev.postern.solver.Limits;
import dev.postern.solver.Satisfiability;
import dev.postern.solver.Z3;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Answers whether a flow could ever pass, with pods that are here or could come, under the policies of a cluster as they are. What is not
 * open: policies, labels of namespaces that exist, nodes; a pod that could come is on the pod network. Ask as much as you like: native
 * memory does not grow with the number of questions. Safe for use by several threads, which wait for each other.
 */
public final class OpenWorld {

  private final Plan plan;
  private final Reference reference;
  private final Reachability reachability;
  private final NamespaceIndex around;
  private final TrafficOfNodes nodes;
  private final Engine engine = new Engine();

  private OpenWorld(Plan plan) {
    this.plan = plan;
    this.reference = new Reference(plan.cluster(), plan.options());
    this.reachability = Reachability.of(plan);
    this.around = new NamespaceIndex(plan);
    this.nodes = new TrafficOfNodes(plan, around, reference, reachability);
  }

  public static OpenWorld of(Plan plan) {
    return new OpenWorld(plan);
  }

  /**
   * Whether some flow of this traffic could pass from one role to the other.
   *
   * @param traffic what is asked; one part of it is enough
   * @param limits for each of the few queries that the question takes
   */
  public synchronized OpenOutcome ask(
      Role source, Role destination, Traffic traffic, Limits limits) {
    Optional<OpenOutcome> here = amongThoseThatAreHere(source, destination, traffic);
    if (here.isPresent()) {
      return here.get();
    }
    try (FlowProver prover = new FlowProver(engine.logic(), around, plan.options(), limits)) {
      List<Query> queries = new ArrayList<>();
      Set<Policy> because = new LinkedHashSet<>();
      Optional<OpenOutcome> undecided = Optional.empty();
      List<Pair> pairs = pairs(source, destination, traffic);
      for (Pair pair : pairs) {
        Query query = pair.query(prover);
        OpenOutcome outcome = prover.ask(query);
        if (outcome instanceof OpenOutcome.Possible) {
          return outcome;
        }
        if (outcome instanceof OpenOutcome.Never never) {
          queries.add(query);
          because.addAll(never.because());
        } else {
          undecided = undecided.or(() -> Optional.of(outcome));
        }
      }
      List<Policy> all = plan.cluster().policies();
      Optional<OpenOutcome> open = undecided;
      Optional<OpenOutcome> ofNodes = nodes.ask(source, destination, traffic);
      return ofNodes
          .filter(OpenOutcome.Possible.class::isInstance)
          .or(() -> open)
          .or(() -> podsAnywhere(prover, pairs))
          .or(() -> ofNodes)
          .or(() -> nodesThatNoManifestHolds(destination))
          .orElseGet(() -> new OpenOutcome.Never(
              new Blockers(prover, queries, all).needed(List.copyOf(because))));
    } catch (Z3.Missing missing) {
      return new OpenOutcome.Undecided(String.valueOf(missing.getMessage()));
    }
  }

  /**
   * Why no flow of this traffic could ever pass from one role to the other, as {@link #ask} has proved: all the sets of policies that block
   * it, and those that are in the way, as far as there are not too many.
   *
   * @param limits for each of the queries, of which there are more than {@link #ask} takes
   * @return empty if Z3 cannot be loaded
   */
  public synchronized Optional<Blocking> blocking(
      Role source, Role destination, Traffic traffic, Limits limits) {
    try (FlowProver prover = new FlowProver(engine.logic(), around, plan.options(), limits)) {
      List<Query> queries = pairs(source, destination, traffic).stream()
          .map(pair -> pair.query(prover))
          .toList();
      return Optional.of(new Blockers(prover, queries, plan.cluster().policies()).find());
    } catch (Z3.Missing missing) {
      return Optional.empty();
    }
  }

  /** What is left of a proof if pods of which no address is known may have any. */
  private Optional<OpenOutcome> podsAnywhere(FlowProver prover, List<Pair> pairs) {
    for (Pair pair : pairs) {
      Optional<End> host = pair.podAnywhere(plan.cluster());
      if (host.isPresent() && pair.withPodsAnywhere(prover) != Satisfiability.UNSATISFIABLE) {
        return Optional.of(new OpenOutcome.Undecided(unplaced((End.InPod) host.get())));
      }
    }
    return Optional.empty();
  }

  /** Each cluster has nodes: where no manifest holds one, an address may be that of a node which policies let pods call. */
  private Optional<OpenOutcome> nodesThatNoManifestHolds(Role destination) {
    boolean addresses = destination instanceof Role.AnyAddress
        || (destination instanceof Role.Existing existing
            && existing.ends().stream().anyMatch(End.Outside.class::isInstance));
    return addresses
            && plan.cluster().nodes().isEmpty()
            && plan.cluster().policies().stream()
                .flatMap(policy -> policy.egress().stream())
                .filter(rule -> rule.action() != Action.DENY)
                .anyMatch(rule -> rule.peers() instanceof Peers.AnyOf any
                    && any.peers().stream().anyMatch(Peer.Nodes.class::isInstance))
        ? Optional.of(new OpenOutcome.Undecided(
            "policies select nodes, and no manifest holds a Node: one may have such an address"))
        : Optional.empty();
  }

  private static String unplaced(End.InPod end) {
    if (end.address().isPresent()) {
      return "no manifest says on which node " + end + " runs: on some node it could pass";
    }
    return "no manifest says which address " + end + " has"
        + (end.workload().hostNetwork()
            ? ", and it is on the host network: by its node's address"
            : ": at some address")
        + " it could pass";
  }

  /** One question: two ends that are known or not, a family and a protocol. */
  private record Pair(Role from, Role to, Family family, Protocol protocol, PortSet ports) {

    Query query(FlowProver prover) {
      return prover.query(from, to, family, protocol, ports);
    }

    Satisfiability withPodsAnywhere(FlowProver prover) {
      return prover.withPodsAnywhere(from, to, family, protocol, ports);
    }

    Optional<End> podAnywhere(Cluster cluster) {
      return Stream.of(from, to)
          .filter(Role.Existing.class::isInstance)
          .map(role -> ((Role.Existing) role).ends().get(0))
          .filter(end -> PodAnywhere.is(end, cluster))
          .findFirst();
    }
  }

  private List<Pair> pairs(Role source, Role destination, Traffic traffic) {
    List<Pair> pairs = new ArrayList<>();
    for (Family family : Family.values()) {
      for (Role from : alternatives(source, family)) {
        for (Role to : alternatives(destination, family)) {
          for (Protocol protocol : Protocol.values()) {
            // A pod always reaches itself, whatever policies say.
            if (mayCarry(traffic, protocol) && !isItself(from, to)) {
              PortSet ports = protocol.hasPorts() ? traffic.ports(protocol) : PortSet.ALL;
              pairs.add(new Pair(from, to, family, protocol, ports));
            }
          }
        }
      }
    }
    return pairs;
  }

  private static boolean isItself(Role from, Role to) {
    return from instanceof Role.Existing one
        && to instanceof Role.Existing other
        && isSamePod(one.ends().get(0), other.ends().get(0));
  }

  /** A template is no pod: it stands for one replica here and another there. */
  static boolean isSamePod(End one, End other) {
    return one instanceof End.InPod from && from.pod().isPresent()
        ? other instanceof End.InPod to
            && from.workload().equals(to.workload())
            && from.pod().equals(to.pod())
        : !(one instanceof End.InPod) && one.equals(other);
  }

  private static boolean mayCarry(Traffic traffic, Protocol protocol) {
    return protocol.hasPorts() ? !traffic.ports(protocol).isEmpty() : traffic.other();
  }

  /** For ends that are known two pods of each class, since the others are no different; nothing for ends that do not speak the family. */
  private List<Role> alternatives(Role role, Family family) {
    if (role instanceof Role.AnyAddress any) {
      return any.addresses().in(family).isEmpty() ? List.of() : List.of(role);
    }
    if (role instanceof Role.AnyPod any) {
      // Of those that could come it speaks of the pod network only.
      List<End> hosts = around.hosts(any).map(End.class::cast).toList();
      return Stream.concat(Stream.of(role), known(hosts, family).stream()).toList();
    }
    return known(((Role.Existing) role).ends(), family);
  }

  private List<Role> known(List<End> ends, Family family) {
    Map<Integer, List<End>> byClass = new LinkedHashMap<>();
    for (End end : ends) {
      if (address(end).map(a -> a.family() == family).orElseGet(() -> mayBeOf(family))) {
        addOfTwoPods(
            end, byClass.computeIfAbsent(plan.classes().classOf(end), c -> new ArrayList<>(2)));
      }
    }
    return byClass.values().stream()
        .flatMap(List::stream)
        .<Role>map(end -> new Role.Existing(List.of(end)))
        .toList();
  }

  /** Whether a pod of which no address is known may have one of a family. */
  private boolean mayBeOf(Family family) {
    return plan.options().missingAddress() != MissingAddress.UNMATCHED
        || FamiliesInUse.of(plan.cluster()).contains(family);
  }

  static Optional<Address> address(End end) {
    return end instanceof End.InPod pod
        ? pod.address()
        : Optional.of(((End.Outside) end).address());
  }

  // --- those that are here

  private Optional<OpenOutcome> amongThoseThatAreHere(
      Role source, Role destination, Traffic traffic) {
    List<End> sources = twoOfEachClass(source);
    List<End> destinations = twoOfEachClass(destination);
    for (End from : sources) {
      for (End to : destinations) {
        Reach reach =
            isSamePod(from, to) || !meet(from, to) ? Reach.NOTHING : reachability.traffic(from, to);
        Traffic passes = reach.allowed().intersect(traffic);
        Optional<Flow> flow = flow(from, to, passes);
        if (flow.isPresent()) {
          Judgement judgement = reference.judge(flow.get());
          if (judgement.verdict() == FlowVerdict.ALLOWED
              && judgement.exemption() == Judgement.Exemption.NONE) {
            return Optional.of(new OpenOutcome.Possible(judgement, plan.cluster(), true));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Two pods of each class: one may call the other, and no pod is kept from itself. */
  private List<End> twoOfEachClass(Role role) {
    Map<List<Object>, List<End>> byClass = new LinkedHashMap<>();
    for (End end : here(role)) {
      List<Object> key = List.of(plan.classes().classOf(end), address(end).map(Address::family));
      addOfTwoPods(end, byClass.computeIfAbsent(key, k -> new ArrayList<>(2)));
    }
    return byClass.values().stream().flatMap(List::stream).toList();
  }

  private static void addOfTwoPods(End end, List<End> some) {
    if (some.isEmpty() || (some.size() == 1 && !isSamePod(some.get(0), end))) {
      some.add(end);
    }
  }

  private List<? extends End> here(Role role) {
    if (role instanceof Role.Existing existing) {
      return existing.ends();
    }
    if (role instanceof Role.AnyPod any) {
      return around.endpoints(any).toList();
    }
    // Ranges of addresses are what the formula is good at.
    return List.of();
  }

  static boolean meet(End from, End to) {
    Optional<Address> one = address(from);
    Optional<Address> other = address(to);
    boolean bothOutside = from instanceof End.Outside && to instanceof End.Outside;
    return !bothOutside
        && (one.isEmpty()
            || other.isEmpty()
            || one.get().family() == other.get().family());
  }

  static Optional<Flow> flow(End from, End to, Traffic passes) {
    for (Protocol protocol : Protocol.values()) {
      if (mayCarry(passes, protocol)) {
        int port =
            protocol.hasPorts() ? passes.ports(protocol).intervals().get(0).first() : 0;
        return Optional.of(new Flow(from, to, protocol, port));
      }
    }
    return Optional.empty();
  }
}
