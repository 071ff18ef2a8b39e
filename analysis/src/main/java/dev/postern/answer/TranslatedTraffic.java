package dev.postern.answer;

import dev.postern.cluster.Pod;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Traffic;
import dev.postern.plan.Classes;
import dev.postern.reach.Reach;
import dev.postern.reach.Reachability;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What passes of connections whose addresses are changed on their way. Where it is not known which address a policy sees, only what passes
 * whichever it sees is allowed, and only what passes whichever it sees not is denied.
 */
final class TranslatedTraffic {

  /** What an answer that crosses a Service has to say. */
  enum Remark {
    /** A node may hide the client, and that makes no difference. */
    NODE_HIDES,
    /** A node may hide the client, and it depends on that what passes. */
    NODE_MATTERS,
    /** A load balancer hides the client, and it depends on its address what passes. */
    LOAD_BALANCER_MATTERS,
    /** It depends on whether the client's policies see the address that it called or the pod's. */
    TRANSLATION_MATTERS,
    /** The load balancer may refuse the client for its address. */
    SOURCE_RANGES,
    /** It is not known whether the pod is on the client's node, which alone the client reaches. */
    OWN_NODE_ONLY,
    /** It is not known whether a pod behind the Service is on the node that is called, which leads to no other. */
    CALLED_NODE_ONLY,
    /** It is not known whether the node that is called leads calls of pods to other nodes. */
    OTHER_NODES_FOR_PODS
  }

  private final Reachability reachability;
  private final Map<Address, Set<String>> nodes;
  private final AddressSet pods;
  private final Map<Object, Reach> entered = new HashMap<>();
  private final Set<Remark> remarks = EnumSet.noneOf(Remark.class);
  private boolean mayLeadToFewer;

  /**
   * Crossings in a cluster.
   *
   * @param nodes the names of nodes, by their addresses
   * @param pods the addresses of pods, which nobody else has
   */
  TranslatedTraffic(Reachability reachability, Map<Address, Set<String>> nodes, AddressSet pods) {
    this.reachability = reachability;
    this.nodes = nodes;
    this.pods = pods;
  }

  Set<Remark> remarks() {
    return remarks;
  }

  /** Whether some of the pods that were judged may be none that the way leads to. */
  boolean mayLeadToFewer() {
    return mayLeadToFewer;
  }

  /**
   * What passes between two cells.
   *
   * @param range the addresses that the first cell speaks for, if it lies outside
   * @param direct what passes if each side sees the other's own address
   */
  Reach between(
      Cell from, Optional<AddressRange> range, Cell to, Destination target, Reach direct) {
    ServiceTranslation crossing = target.crossing();
    if (crossing.equals(ServiceTranslation.NONE)) {
      return direct;
    }
    Reach reach = translated(from, to, target, direct);
    boolean admitted = crossing.admits(from.first(), range);
    Leads leads = leads(from.first(), to.first(), crossing.locality());
    mayLeadToFewer |= leads == Leads.TO_IT_OR_OTHERS || leads == Leads.PERHAPS;
    if (admitted && (leads == Leads.TO_IT || leads == Leads.TO_IT_OR_OTHERS)) {
      return reach;
    }
    if (!reach.allowed().intersect(target.asked()).isEmpty()) {
      remarks.add(admitted ? remark(from.first(), crossing.locality()) : Remark.SOURCE_RANGES);
    }
    return new Reach(Traffic.NONE, reach.possible());
  }

  private static Remark remark(End client, Locality locality) {
    return locality instanceof Locality.CalledNode
        ? client instanceof End.InPod ? Remark.OTHER_NODES_FOR_PODS : Remark.CALLED_NODE_ONLY
        : Remark.OWN_NODE_ONLY;
  }

  /** Whether a way leads a client to a pod. */
  private enum Leads {
    TO_IT,
    /** Perhaps to it; certainly to some pod. */
    TO_IT_OR_OTHERS,
    /** Perhaps to it, perhaps to none. */
    PERHAPS,
    ELSEWHERE
  }

  /** Whether a way never leads here: the pod is on another node than those that it leads to. */
  boolean isElsewhere(Cell from, Cell to, Destination target) {
    return leads(from.first(), to.first(), target.crossing().locality()) == Leads.ELSEWHERE;
  }

  private Leads leads(End client, End pod, Locality locality) {
    if (locality instanceof Locality.ClientsNode) {
      // Clients that are neither pods nor nodes are not bound to a node.
      boolean bound = client instanceof End.InPod || !nodesOf(client).isEmpty();
      return bound ? isOn(pod, nodesOf(client), Leads.PERHAPS) : Leads.TO_IT;
    }
    if (!(locality instanceof Locality.CalledNode called)) {
      return Leads.TO_IT;
    }
    Set<String> own = nodesOf(client);
    boolean isPod = client instanceof End.InPod in && !in.workload().hostNetwork();
    boolean isTheNode = !isPod && !own.isEmpty() && called.nodes().containsAll(own);
    if (isTheNode || (client instanceof End.InPod && !called.forPods())) {
      return Leads.TO_IT;
    }
    Leads perhaps = called.some() ? Leads.TO_IT_OR_OTHERS : Leads.PERHAPS;
    Leads known = isOn(pod, called.nodes(), perhaps);
    boolean mayLeadOn = isPod || (client instanceof End.InPod && own.isEmpty());
    return known == Leads.ELSEWHERE && mayLeadOn ? perhaps : known;
  }

  private static Leads isOn(End end, Set<String> nodes, Leads unknown) {
    Optional<String> there =
        end instanceof End.InPod pod ? pod.pod().flatMap(Pod::node) : Optional.empty();
    return there.isEmpty() || nodes.isEmpty()
        ? unknown
        : nodes.contains(there.get()) ? Leads.TO_IT : Leads.ELSEWHERE;
  }

  /** The names of the nodes that a client runs on, or is; none if that is not known. */
  private Set<String> nodesOf(End client) {
    if (client instanceof End.InPod pod) {
      return pod.pod().flatMap(Pod::node).map(Set::of).orElse(Set.of());
    }
    return client instanceof End.Outside outside
        ? nodes.getOrDefault(outside.address(), Set.of())
        : Set.of();
  }

  private Reach translated(Cell from, Cell to, Destination target, Reach direct) {
    ServiceTranslation crossing = target.crossing();
    End client = from.first();
    End pod = to.first();
    if (crossing.keepsBoth(client)) {
      return direct;
    }
    List<Reach> sent = new ArrayList<>();
    if (crossing.translated()) {
      sent.add(reachability.leaving(client, pod));
    }
    crossing.before().stream()
        .filter(called -> Cell.familyOf(called.end()).isEmpty()
            || from.family().isEmpty()
            || from.family().equals(Cell.familyOf(called.end())))
        .forEach(called -> sent.add(called(client, called)));
    Reach leaving = whichever(sent);
    Reach own = reachability.entering(client, pod);
    Reach entering = switch (crossing.seen(client)) {
      case CLIENT -> own;
      case CLIENT_OR_NODE -> whichever(List.of(own, hidden(to, true)));
      case ANYONE -> hidden(to, false);
    };
    remark(crossing.seen(client), target.asked(), own, entering, leaving);
    Reach crossed = leaving.intersect(entering);
    return crossing.translated() && reachability.isExempt(client, pod)
        ? whichever(List.of(direct, crossed))
        : crossed;
  }

  /**
   * A flow that shows why a connection passes or does not where the one between the two ends does not show it: to what the client called,
   * or from one of those that may be put in the client's place.
   *
   * @param traffic what passes, or what is denied
   */
  Optional<Sample> shown(Cell from, Cell to, Destination target, Traffic traffic, boolean passes) {
    ServiceTranslation crossing = target.crossing();
    if (traffic.isEmpty()) {
      return Optional.empty();
    }
    for (ServiceTranslation.Called called : crossing.before()) {
      Cell there = new Cell(List.of(called.end()), OptionalInt.empty());
      Traffic one = Traffic.of(called.protocol(), PortSet.of(called.port()));
      if (from.speaksWith(there)
          && shows(reachability.traffic(from.first(), called.end()), one, passes)) {
        return Optional.of(new Sample(from, there, one, false));
      }
    }
    if (passes || crossing.seen(from.first()) != ServiceTranslation.Seen.ANYONE) {
      return Optional.empty();
    }
    Classes classes = reachability.plan().classes();
    for (int number = classes.inside(); number < classes.size(); number++) {
      Cell someone =
          new Cell(List.of(new End.Outside(classes.range(number).first())), OptionalInt.of(number));
      Traffic stopped =
          traffic.minus(reachability.traffic(someone.first(), to.first()).possible());
      if (someone.speaksWith(to) && !stopped.isEmpty()) {
        return Optional.of(new Sample(someone, to, stopped, true));
      }
    }
    return Optional.empty();
  }

  private static boolean shows(Reach reach, Traffic one, boolean passes) {
    return passes
        ? one.minus(reach.allowed()).isEmpty()
        : one.intersect(reach.possible()).isEmpty();
  }

  private void remark(
      ServiceTranslation.Seen seen, Traffic asked, Reach own, Reach entering, Reach leaving) {
    Traffic open = leaving.possible().intersect(asked);
    boolean matters = !(seen == ServiceTranslation.Seen.CLIENT_OR_NODE
        ? same(own, entering, open)
        : entering.possible().minus(entering.allowed()).intersect(open).isEmpty());
    if (seen == ServiceTranslation.Seen.CLIENT_OR_NODE) {
      remarks.add(matters ? Remark.NODE_MATTERS : Remark.NODE_HIDES);
    } else if (seen == ServiceTranslation.Seen.ANYONE && matters) {
      remarks.add(Remark.LOAD_BALANCER_MATTERS);
    }
    if (!leaving.possible().minus(leaving.allowed()).intersect(asked).isEmpty()) {
      remarks.add(Remark.TRANSLATION_MATTERS);
    }
  }

  private static boolean same(Reach one, Reach other, Traffic asked) {
    return one.allowed().intersect(asked).equals(other.allowed().intersect(asked))
        && one.possible().intersect(asked).equals(other.possible().intersect(asked));
  }

  /** What the client's policies let it send where they see what it called: all that the called port leads to, or nothing. */
  private Reach called(End client, ServiceTranslation.Called called) {
    if (reachability.isExempt(client, called.end())) {
      return Reach.EVERYTHING;
    }
    Reach reach = reachability.leaving(client, called.end());
    boolean possible = reach.possible().contains(called.protocol(), called.port())
        || reachability.mayBeExempt(client, called.end());
    return new Reach(
        reach.allowed().contains(called.protocol(), called.port()) ? Traffic.ALL : Traffic.NONE,
        possible ? Traffic.ALL : Traffic.NONE);
  }

  /** What a cell lets in from whoever may be put in the client's place: nodes, its own among them, and if need be any address. */
  private Reach hidden(Cell to, boolean byNode) {
    record Key(Object of, Optional<Family> family, boolean byNode) {}
    Object of = to.number().isPresent() ? to.number().getAsInt() : to.first();
    return entered.computeIfAbsent(
        new Key(of, to.family(), byNode), key -> hidden(to.first(), to.family(), byNode));
  }

  private Reach hidden(End pod, Optional<Family> family, boolean byNode) {
    if (!(pod instanceof End.InPod)) {
      return Reach.EVERYTHING;
    }
    List<Reach> anyone = new ArrayList<>();
    for (int number : outside()) {
      Address first = reachability.plan().classes().range(number).first();
      if (family.isEmpty() || family.get() == first.family()) {
        anyone.add(reachability.entering(new End.Outside(first), pod));
      }
    }
    if (reachability.plan().options().nodeTrafficPasses()) {
      anyone.add(Reach.EVERYTHING);
    }
    List<Reach> known = nodes.keySet().stream()
        .filter(node -> family.isEmpty() || family.get() == node.family())
        .map(node -> reachability.entering(new End.Outside(node), pod))
        .toList();
    Reach all = whichever(anyone);
    return byNode && !known.isEmpty() ? new Reach(whichever(known).allowed(), all.possible()) : all;
  }

  /** The classes of addresses that are not all held by pods. */
  private int[] outside() {
    Classes classes = reachability.plan().classes();
    return IntStream.range(classes.inside(), classes.size())
        .filter(number -> !pods.containsAll(AddressSet.of(classes.range(number))))
        .toArray();
  }

  /** What passes for certain if it is not known which of these holds, and what may pass. */
  private static Reach whichever(List<Reach> readings) {
    Traffic allowed = readings.isEmpty() ? Traffic.NONE : Traffic.ALL;
    Traffic possible = Traffic.NONE;
    for (Reach reading : readings) {
      allowed = allowed.intersect(reading.allowed());
      possible = possible.union(reading.possible());
    }
    return new Reach(allowed, possible);
  }
}
