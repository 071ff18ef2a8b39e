package dev.postern.openworld;

import dev.postern.cluster.Pod;
import dev.postern.deadline.Deadline;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a pod exchanges with its own node, and with pods on its node's host network, which passes whatever policies say. */
final class TrafficOfNodes {

  private final Plan plan;
  private final NamespaceIndex around;
  private final Reference reference;
  private final Reachability reachability;

  TrafficOfNodes(Plan plan, NamespaceIndex around, Reference reference, Reachability reachability) {
    this.plan = plan;
    this.around = around;
    this.reference = reference;
    this.reachability = reachability;
  }

  /** Such a flow between two roles, or that there may be one; empty if there can be none. */
  Optional<OpenOutcome> ask(Role source, Role destination, Traffic traffic) {
    if (!plan.options().nodeTrafficPasses()) {
      return Optional.empty();
    }
    List<End> sourceNodes = nodes(source);
    List<End> destinationNodes = nodes(destination);
    boolean perhaps = (!sourceNodes.isEmpty() && destination instanceof Role.AnyPod)
        || (!destinationNodes.isEmpty() && source instanceof Role.AnyPod);
    for (Pairs pairs : List.of(
        new Pairs(sourceNodes, ends(destination)), new Pairs(ends(source), destinationNodes))) {
      for (End from : pairs.sources()) {
        Deadline.current().check();
        for (End to : pairs.destinations()) {
          Optional<Judgement> exempt = exempt(from, to, traffic);
          if (exempt.isPresent()) {
            return Optional.of(new OpenOutcome.Possible(exempt.get(), plan.cluster(), true));
          }
          perhaps |= OpenWorld.meet(from, to) && reachability.mayBeExempt(from, to);
        }
      }
    }
    return perhaps
        ? Optional.of(
            new OpenOutcome.Undecided(
                "a pod may run on the node that has the address or whose host network a pod is on, and traffic with its own node passes whatever policies say"))
        : Optional.empty();
  }

  private record Pairs(List<End> sources, List<End> destinations) {}

  private Optional<Judgement> exempt(End from, End to, Traffic traffic) {
    return OpenWorld.isSamePod(from, to)
            || !OpenWorld.meet(from, to)
            || !reachability.isExempt(from, to)
        ? Optional.empty()
        : OpenWorld.flow(from, to, traffic).map(this::judged);
  }

  private Judgement judged(Flow flow) {
    return reference.judge(flow);
  }

  /** Nodes by their addresses, and pods that are on their host network. */
  private List<End> nodes(Role role) {
    if (role instanceof Role.AnyAddress any) {
      return nodeAddresses()
          .filter(any.addresses()::contains)
          .<End>map(End.Outside::new)
          .toList();
    }
    if (role instanceof Role.AnyPod any) {
      return someOfEachNode(around.hosts(any).toList());
    }
    return someOfEachNode(((Role.Existing) role)
        .ends().stream()
            .filter(end -> !(end instanceof End.InPod pod) || pod.workload().hostNetwork())
            .toList());
  }

  /** Whoever is here and may be on a node, or be one. */
  private List<End> ends(Role role) {
    return role instanceof Role.AnyAddress
        ? nodes(role)
        : someOfEachNode(
            role instanceof Role.AnyPod any
                ? around.endpoints(any).toList()
                : ((Role.Existing) role).ends());
  }

  private Stream<Address> nodeAddresses() {
    return plan.cluster().nodes().stream()
        .flatMap(node -> node.addresses().stream())
        .distinct();
  }

  /** Two pods of each kind of place, so that none is left with itself; where they run and their family is all that matters. */
  private static List<End> someOfEachNode(Collection<? extends End> ends) {
    Map<Object, List<End>> byPlace = new LinkedHashMap<>();
    for (End end : ends) {
      Object place = end instanceof End.InPod pod
          ? List.of(
              pod.workload().hostNetwork(),
              pod.pod().flatMap(Pod::node),
              OpenWorld.address(end).map(Address::family))
          : end;
      List<End> some = byPlace.computeIfAbsent(place, p -> new ArrayList<>(2));
      if (some.isEmpty() || (some.size() == 1 && !OpenWorld.isSamePod(some.get(0), end))) {
        some.add(end);
      }
    }
    return byPlace.values().stream().flatMap(List::stream).toList();
  }
}
