package dev.postern.meaning;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.Decision.Cause;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.Family;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The definition of what a cluster's policies mean: judges one flow at a time, slowly and obviously, as the Kubernetes documents say it
 * (NetworkPolicy: networking.k8s.io/v1; AdminNetworkPolicy and ClusterNetworkPolicy: the network-policy-api project). Everything fast is
 * tested against this class and every witness is replayed on it. It shares no code with what it judges. Safe for use by several threads.
 */
public final class Reference {

  /** What a tier, or one policy of it, makes of a flow; from the mildest word to the strictest. */
  private enum Outcome {
    /** No rule matches. */
    NEXT,
    ALLOW,
    /** Leaves the tier. */
    PASS,
    DENY
  }

  /** Kinds whose rules are never about a pod that calls itself. */
  private static final Set<PolicyKind> FOR_OTHERS =
      EnumSet.of(PolicyKind.ADMIN_NETWORK_POLICY, PolicyKind.BASELINE_ADMIN_NETWORK_POLICY);

  private final Cluster cluster;
  private final Matcher matcher;
  private final Options options;
  private final PoliciesBySubject policies;
  private volatile Set<Family> families = Set.of();

  public Reference(Cluster cluster, Options options) {
    this.cluster = cluster;
    this.options = options;
    this.matcher = new Matcher(cluster, options);
    this.policies = PoliciesBySubject.of(cluster);
  }

  /** The families in use, which are at least one; found when first asked for. */
  private Set<Family> families() {
    if (families.isEmpty()) {
      families = FamiliesInUse.of(cluster);
    }
    return families;
  }

  /** Judges a flow by both sides: the source's egress and the destination's ingress must both allow it. */
  public Judgement judge(Flow flow) {
    Exemption exemption = exemption(flow);
    if (exemption != Exemption.NONE) {
      Decision egress =
          new Decision(Direction.EGRESS, FlowVerdict.ALLOWED, Optional.empty(), List.of());
      Decision ingress =
          new Decision(Direction.INGRESS, FlowVerdict.ALLOWED, Optional.empty(), List.of());
      return new Judgement(flow, FlowVerdict.ALLOWED, exemption, egress, ingress);
    }
    Decision egress = decide(Direction.EGRESS, flow);
    Decision ingress = decide(Direction.INGRESS, flow);
    FlowVerdict verdict =
        egress.verdict() == FlowVerdict.DENIED || ingress.verdict() == FlowVerdict.DENIED
            ? FlowVerdict.DENIED
            : egress.verdict() == FlowVerdict.UNKNOWN || ingress.verdict() == FlowVerdict.UNKNOWN
                ? FlowVerdict.UNKNOWN
                : FlowVerdict.ALLOWED;
    return new Judgement(flow, verdict, Exemption.NONE, egress, ingress);
  }

  private Exemption exemption(Flow flow) {
    if (callsItself(flow) && !(flow.throughService() && isSubjectToItself(flow.source()))) {
      return Exemption.SAME_POD;
    }
    if (options.nodeTrafficPasses()
        && (isOwnNode(flow.source(), flow.destination())
            || isOwnNode(flow.destination(), flow.source()))) {
      return Exemption.OWN_NODE;
    }
    return Exemption.NONE;
  }

  private static boolean callsItself(Flow flow) {
    return flow.source() instanceof End.InPod from
        && flow.destination() instanceof End.InPod to
        && from.pod().isPresent()
        && from.workload().equals(to.workload())
        && from.pod().equals(to.pod());
  }

  /** Whether policies can stop its calls to itself through a Service: if one of a kind that is about them selects it. */
  public boolean isSubjectToItself(End end) {
    return policies.about(end).stream()
        .anyMatch(p -> p.kind().governsCallsToItself() && matcher.selects(p, end));
  }

  /** Whether one end is the node, or on the host network of the node, that the other end's pod runs on. */
  private boolean isOwnNode(End node, End pod) {
    if (!(pod instanceof End.InPod inPod) || inPod.pod().flatMap(p -> p.node()).isEmpty()) {
      return false;
    }
    String name = inPod.pod().get().node().get();
    if (node instanceof End.InPod other) {
      return other.workload().hostNetwork()
          && other.pod().flatMap(p -> p.node()).filter(name::equals).isPresent();
    }
    return node instanceof End.Outside outside
        && matcher.nodesAt(outside.address()).stream().anyMatch(n -> n.name().equals(name));
  }

  /** One side; of a peer whose address or node is not known, wherever it may be. */
  private Decision decide(Direction direction, Flow flow) {
    End subject = direction == Direction.EGRESS ? flow.source() : flow.destination();
    End peer = direction == Direction.EGRESS ? flow.destination() : flow.source();
    if (!(peer instanceof End.InPod pod)) {
      return decide(matcher, direction, subject, peer, flow);
    }
    List<Policy> selecting = policies.about(subject).stream()
        .filter(p -> matcher.selects(p, subject))
        .toList();
    return PossiblePlace.of(
            pod, matcher.nodeOf(pod).isPresent(), selecting, direction, options, this::families)
        .flatMap(places -> places.stream()
            .map(place -> decide(matcher.supposing(place), direction, subject, peer, flow))
            .reduce(Reference::whichever))
        .orElseGet(() -> undecided(direction, selecting));
  }

  private static Decision undecided(Direction direction, List<Policy> selecting) {
    return new Decision(
        direction,
        FlowVerdict.UNKNOWN,
        Optional.empty(),
        selecting.stream().map(policy -> new Cause(policy, Optional.empty())).toList());
  }

  /** What is decided if either may be the case. */
  private static Decision whichever(Decision one, Decision other) {
    return new Decision(
        one.direction(),
        one.verdict() == other.verdict() ? one.verdict() : FlowVerdict.UNKNOWN,
        one.tier().or(other::tier),
        Stream.concat(one.causes().stream(), other.causes().stream()).distinct().toList());
  }

  /** The tiers in order; the first that decides ends it; if none does, the flow passes. */
  private Decision decide(Matcher matcher, Direction direction, End subject, End peer, Flow flow) {
    Set<Outcome> possible = EnumSet.noneOf(Outcome.class);
    List<Cause> causes = new ArrayList<>();
    Optional<Tier> decidedBy = Optional.empty();
    List<Policy> about = policies.about(subject);
    for (Tier tier : Tier.values()) {
      List<Policy> selecting = about.stream()
          .filter(p -> p.tier() == tier && matcher.selects(p, subject))
          .filter(p -> !(callsItself(flow) && FOR_OTHERS.contains(p.kind())))
          .toList();
      List<Cause> reasons = new ArrayList<>();
      Set<Outcome> outcomes = tier == Tier.NETWORK_POLICY
          ? union(matcher, selecting, direction, peer, flow, reasons)
          : ordered(matcher, selecting, direction, peer, flow, reasons);
      boolean goesOn = outcomes.remove(Outcome.NEXT) | outcomes.remove(Outcome.PASS);
      if (!outcomes.isEmpty()) {
        possible.addAll(outcomes);
        causes.addAll(reasons);
        decidedBy = decidedBy.or(() -> Optional.of(tier));
      }
      if (!goesOn) {
        return new Decision(direction, verdict(possible), decidedBy, causes);
      }
    }
    possible.add(Outcome.ALLOW);
    return new Decision(direction, verdict(possible), decidedBy, causes);
  }

  private static FlowVerdict verdict(Set<Outcome> possible) {
    return possible.size() > 1
        ? FlowVerdict.UNKNOWN
        : possible.contains(Outcome.ALLOW) ? FlowVerdict.ALLOWED : FlowVerdict.DENIED;
  }

  /** NetworkPolicies add: what one rule allows is allowed; the rest is denied if a policy isolates this direction. */
  private static Set<Outcome> union(
      Matcher matcher,
      List<Policy> selecting,
      Direction direction,
      End peer,
      Flow flow,
      List<Cause> reasons) {
    List<Policy> isolating =
        selecting.stream().filter(p -> p.isolates().contains(direction)).toList();
    if (isolating.isEmpty()) {
      return EnumSet.of(Outcome.NEXT);
    }
    if (callsItself(flow)) {
      return EnumSet.of(Outcome.ALLOW);
    }
    Match allowed = Match.NO;
    for (Policy policy : isolating) {
      for (PolicyRule rule : policy.rules(direction)) {
        Match match = matcher.matches(policy, rule, peer, flow);
        if (match != Match.NO) {
          reasons.add(new Cause(policy, Optional.of(rule)));
        }
        allowed = allowed.or(match);
      }
    }
    if (allowed != Match.YES) {
      isolating.forEach(policy -> reasons.add(new Cause(policy, Optional.empty())));
    }
    return switch (allowed) {
      case YES -> EnumSet.of(Outcome.ALLOW);
      case MAYBE -> EnumSet.of(Outcome.ALLOW, Outcome.DENY);
      case NO -> EnumSet.of(Outcome.DENY);
    };
  }

  /** Ordered tiers: by priority; each policy's first matching rule speaks for it; at equal priority the strictest word counts. */
  private static Set<Outcome> ordered(
      Matcher matcher,
      List<Policy> selecting,
      Direction direction,
      End peer,
      Flow flow,
      List<Cause> reasons) {
    SortedMap<Integer, List<Policy>> byPriority = new TreeMap<>();
    selecting.forEach(p ->
        byPriority.computeIfAbsent(p.priority(), priority -> new ArrayList<>()).add(p));
    Set<Outcome> possible = EnumSet.noneOf(Outcome.class);
    for (List<Policy> equals : byPriority.values()) {
      Set<Outcome> together = EnumSet.of(Outcome.NEXT);
      for (Policy policy : equals) {
        together = strictest(together, firstMatch(matcher, policy, direction, peer, flow, reasons));
      }
      boolean goesOn = together.remove(Outcome.NEXT);
      possible.addAll(together);
      if (!goesOn) {
        return possible;
      }
    }
    possible.add(Outcome.NEXT);
    return possible;
  }

  private static Set<Outcome> firstMatch(
      Matcher matcher,
      Policy policy,
      Direction direction,
      End peer,
      Flow flow,
      List<Cause> reasons) {
    Set<Outcome> possible = EnumSet.noneOf(Outcome.class);
    for (PolicyRule rule : policy.rules(direction)) {
      Match match = matcher.matches(policy, rule, peer, flow);
      if (match != Match.NO) {
        possible.add(outcome(rule));
        reasons.add(new Cause(policy, Optional.of(rule)));
      }
      if (match == Match.YES) {
        return possible;
      }
    }
    possible.add(Outcome.NEXT);
    return possible;
  }

  private static Outcome outcome(PolicyRule rule) {
    return switch (rule.action()) {
      case ALLOW -> Outcome.ALLOW;
      case DENY -> Outcome.DENY;
      // Fail closed: who knows whom the author wanted to pass.
      case PASS -> rule.hasUnknownPeer() ? Outcome.DENY : Outcome.PASS;
    };
  }

  /** Every way in which the two can come together; {@link Outcome} is ordered by strictness. */
  private static Set<Outcome> strictest(Set<Outcome> some, Set<Outcome> others) {
    Set<Outcome> result = EnumSet.noneOf(Outcome.class);
    for (Outcome one : some) {
      for (Outcome other : others) {
        result.add(List.of(one, other).stream().max(Comparator.naturalOrder()).orElseThrow());
      }
    }
    return result;
  }
}
