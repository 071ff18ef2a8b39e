package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.Traffic;
import dev.postern.openworld.FlowCondition.Place;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.PolicyKind;
import dev.postern.selector.JointMatches;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import dev.postern.solver.BitVector;
import dev.postern.solver.Formula;
import dev.postern.solver.Logic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One flow between two ends that both versions of a cluster see, as formulas over the same unknowns. */
final class FlowEncoding {

  private final Logic logic;
  private final Options options;
  private final Versions versions;
  private final SymbolicPacket packet;
  private final Family family;
  private final Ends before;
  private final Ends after;

  /** The ends as one version sees them. */
  record Ends(Actor source, Actor destination) {
    Actor at(Place place) {
      return place == Place.SOURCE ? source : destination;
    }
  }

  /**
   * A flow between two ends.
   *
   * @param versions with no more policies and namespaces than it takes
   * @param unaddressed whether pods of which no address is known count
   */
  FlowEncoding(
      Logic logic,
      Options options,
      Versions versions,
      Vocabulary vocabulary,
      Family family,
      Role source,
      Role destination,
      boolean unaddressed) {
    this.logic = logic;
    this.options = options;
    this.versions = versions;
    this.family = family;
    this.packet = SymbolicPacket.ofAnyProtocol(logic);
    List<Ends> both = new ArrayList<>();
    for (Cluster cluster : List.of(versions.before(), versions.after())) {
      both.add(new Ends(
          actor(cluster, source, "source", vocabulary, unaddressed),
          actor(cluster, destination, "destination", vocabulary, unaddressed)));
    }
    this.before = both.get(0);
    this.after = both.get(1);
  }

  private Actor actor(
      Cluster cluster, Role role, String name, Vocabulary vocabulary, boolean unaddressed) {
    if (role instanceof Role.Existing existing) {
      return new KnownActor(logic, cluster, options, family, existing.ends().get(0));
    }
    if (role instanceof Role.AnyPod any) {
      Formula addressed = unaddressed ? logic.flag(name + ".addressed") : logic.yes();
      return new UnknownPod(
          logic, cluster, name, family, vocabulary, any, addressed, UnknownPod.free(cluster));
    }
    return new UnknownAddress(logic, cluster, name, family, ((Role.AnyAddress) role).addresses());
  }

  /** That the unknowns are a flow: numbers that stand for something, and no two ends at one address. */
  Formula given() {
    List<Formula> given = new ArrayList<>();
    given.add(packet.given());
    for (Ends ends : List.of(before, after)) {
      given.add(ends.source.given());
      given.add(ends.destination.given());
      if (ends.source instanceof UnknownPod one && ends.destination instanceof UnknownPod other) {
        given.add(one.agrees(other));
      }
    }
    List<BitVector> addresses = new ArrayList<>();
    for (Actor actor : List.of(after.source, after.destination)) {
      if (actor instanceof UnknownPod pod) {
        addresses.add(pod.address());
      } else if (actor instanceof UnknownAddress outside) {
        addresses.add(outside.address());
      }
    }
    if (addresses.size() == 2) {
      given.add(logic.not(logic.same(addresses.get(0), addresses.get(1))));
    }
    return logic.and(given);
  }

  /**
   * Whether one side lets the flow pass in one version.
   *
   * @param perhaps whether it is enough that it may, by a DNS name or on some node that no manifest tells of
   */
  Formula passes(boolean now, Direction direction, boolean perhaps) {
    Ends ends = now ? after : before;
    Cluster cluster = now ? versions.after() : versions.before();
    SideFormula decision = new SideFormula(logic, options, cluster.policies(), packet, perhaps);
    if (direction == Direction.INGRESS) {
      return decision.passes(direction, ends.destination, ends.source, ends.destination);
    }
    List<Formula> wherever = onEachNode(ends.destination, cluster).stream()
        .map(destination -> decision.passes(direction, ends.source, destination, destination))
        .toList();
    return perhaps ? logic.or(wherever) : logic.and(wherever);
  }

  /** A pod on the host network of an unknown node on a node of each kind that policies tell apart; anyone else as he is. */
  private static List<Actor> onEachNode(Actor actor, Cluster cluster) {
    if (!(actor instanceof KnownActor known) || !known.isOnUnknownNode()) {
      return List.of(actor);
    }
    Set<Selector> selectors = Hosts.nodeSelectors(cluster.policies());
    return JointMatches.of(selectors)
        .orElseThrow(() -> new TimedQueries.GaveUp(
            "selectors of nodes tell too many kinds apart for the pod on the host network "
                + known.end()
                + ", of which no manifest says on which node it runs"))
        .stream()
        .<Actor>map(known::onNodeOf)
        .toList();
  }

  SymbolicPacket packet() {
    return packet;
  }

  Ends after() {
    return after;
  }

  Formula all(List<FlowCondition> words) {
    return logic.and(words.stream().map(word -> word.in(this)).toList());
  }

  Formula not(Formula expression) {
    return logic.not(expression);
  }

  Formula labelled(Place place, Requirement requirement) {
    return after.at(place) instanceof UnknownPod pod
        ? pod.labelled(Selector.of(requirement))
        : logic.no();
  }

  /** The labels of a namespace are those after, where the two differ. */
  Formula within(Place place, Requirement requirement) {
    if (!(after.at(place) instanceof UnknownPod pod)) {
      return logic.no();
    }
    // Most namespaces do not have a value: ask for those that do.
    return switch (requirement.operator()) {
      case NOT_IN ->
        logic.not(pod.in(
            matching(new Requirement(requirement.key(), Operator.IN, requirement.values()))));
      case DOES_NOT_EXIST ->
        logic.not(pod.in(matching(new Requirement(requirement.key(), Operator.EXISTS, List.of()))));
      default -> pod.in(matching(requirement));
    };
  }

  private static NamespaceSelection matching(Requirement requirement) {
    return new NamespaceSelection.Matching(Selector.of(requirement));
  }

  Formula at(Place place, AddressSet addresses) {
    return after.at(place) instanceof UnknownPod pod
        ? pod.at(addresses)
        : after.at(place) instanceof UnknownAddress outside ? outside.at(addresses) : logic.no();
  }

  Formula on(Traffic traffic) {
    return packet.in(traffic);
  }

  Formula called(PortName name) {
    return after.destination() instanceof UnknownPod pod
        ? logic.and(
            packet.is(name.protocol()),
            pod.hasPort(PolicyKind.NETWORK_POLICY, name.name(), name.protocol(), packet.port()))
        : logic.no();
  }
}
