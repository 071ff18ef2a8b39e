package dev.postern.anomaly;

import dev.postern.anomaly.Finding.Kind;
import dev.postern.anomaly.LastingCoverage.PolicyAndRule;
import dev.postern.deadline.Deadline;
import dev.postern.diagnostic.Origin;
import dev.postern.meaning.Decision.Cause;
import dev.postern.meaning.Flow;
import dev.postern.plan.Plan;
import dev.postern.plan.PlanRule;
import dev.postern.policy.Direction;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All anomalies of a cluster's policies. Exact for the endpoints there are; says so where something holds for all that could ever be. */
public final class Anomalies {

  /** Below so many rules one thread is done before a second has started. */
  private static final int MANY = 2_000;

  private final Plan plan;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Direction, Side> sides = new EnumMap<>(Direction.class);
  private final FuturePods standing;
  private final LastingCoverage lasting;
  private final HalfOpenPaths halfOpen;
  private final Selections selections;
  private final UnplacedPeers unplaced;

  private Anomalies(Plan plan) {
    this.plan = plan;
    this.standing = new FuturePods(plan.cluster());
    this.lasting = new LastingCoverage(plan.cluster());
    this.halfOpen = new HalfOpenPaths(plan);
    this.unplaced = new UnplacedPeers(plan);
    this.selections = new Selections(plan, lasting, findings);
  }

  /** Everything there is to find, in order of the policies; of one rule only the strongest. */
  public static List<Finding> of(Plan plan) {
    Anomalies anomalies = new Anomalies(plan);
    anomalies.find();
    return List.copyOf(anomalies.findings);
  }

  /** One direction, looked through. */
  private record Side(RuleLines lines, RuleEffects effects, CoverageSearch covers) {

    static Side of(Plan plan, Direction direction) {
      RuleLines lines = new RuleLines(plan, direction);
      ClassPairScan sweep = new ClassPairScan(lines);
      RuleEffects effects = new RuleEffects(lines);
      sweep.show(effects);
      CoverageSearch covers = new CoverageSearch(lines, effects);
      sweep.show(covers);
      return new Side(lines, effects, covers);
    }
  }

  private void find() {
    Stream<Direction> directions = Stream.of(Direction.values());
    Deadline deadline = Deadline.current();
    (plan.rules().size() < MANY ? directions : directions.parallel())
        .collect(Collectors.toMap(
            direction -> direction, direction -> deadline.during(() -> Side.of(plan, direction))))
        .forEach(sides::put);
    // Rules stand in the order of their policies; a direction numbers those that count in it.
    Map<Direction, Integer> next = new EnumMap<>(Direction.class);
    int at = 0;
    List<Policy> policies = plan.cluster().policies();
    for (int number = 0; number < policies.size(); number++) {
      Policy policy = policies.get(number);
      int from = at;
      deadline.check();
      while (at < plan.rules().size() && plan.rules().get(at).policy() == policy) {
        at++;
      }
      List<PlanRule> rules = plan.rules().subList(from, at);
      boolean selects = selections.subject(policy);
      boolean matters = matters(number) || (selects && !unplaced.sameWithout(policy));
      if (selects && !matters) {
        findings.add(redundant(policy, number));
      }
      for (PlanRule rule : rules) {
        Direction direction = rule.rule().direction();
        boolean concerns = RuleLines.concerns(rule, direction);
        int place = concerns ? next.merge(direction, 1, Integer::sum) - 1 : -1;
        if (selects && concerns) {
          rule(rule, place, matters);
        } else if (selects) {
          findings.add(inert(rule));
        }
      }
    }
    sides.forEach(this::conflicts);
  }

  private Side side(Direction direction) {
    return Objects.requireNonNull(sides.get(direction));
  }

  private Finding redundant(Policy policy, int number) {
    SortedSet<Integer> others = new TreeSet<>();
    Optional<Flow> witness = Optional.empty();
    for (Side side : sides.values()) {
      Coverage cover = side.covers.ofPolicy(number);
      others.addAll(cover.by());
      witness = witness.isPresent() ? witness : cover.witness();
    }
    List<Policy> policies = new ArrayList<>(others.size());
    List<Cause> because = new ArrayList<>(others.size());
    for (int other : others) {
      policies.add(plan.cluster().policies().get(other));
      because.add(new Cause(plan.cluster().policies().get(other), Optional.empty()));
    }
    return new Finding(
        standing.isolatesAlone(policy) ? Kind.REDUNDANT_NOW : Kind.REDUNDANT_POLICY,
        policy,
        Optional.empty(),
        "",
        "without this policy every verdict stays the same",
        lasting.replaces(policies, policy),
        because,
        witness,
        policy.origin());
  }

  private boolean matters(int policy) {
    boolean matters = false;
    for (Side side : sides.values()) {
      matters |= side.effects.matters(policy);
    }
    return matters;
  }

  private static Finding inert(PlanRule rule) {
    String explanation = "`policyTypes` leaves " + rule.rule().direction().field()
        + " out, so this rule does nothing";
    return about(Kind.INERT_RULES, rule, "", rule.rule().origin(), explanation, true);
  }

  private void rule(PlanRule rule, int number, boolean policyMatters) {
    PolicyRule written = rule.rule();
    Side side = side(written.direction());
    boolean someoneMatches = selections.peers(rule, number, side.lines);
    if (rule.rectangles().isEmpty() && rule.byName().isEmpty()) {
      if (someoneMatches && written.ports() instanceof Ports.AnyOf) {
        String explanation = "no pod at the receiving end has a port of this name";
        findings.add(
            about(Kind.NAMED_PORT_NOWHERE, rule, "ports", written.origin(), explanation, false));
      }
      return;
    }
    boolean reached = side.effects.isReached(number);
    // A rule that changes nothing for the endpoints whose place is known may still do so for the
    // others.
    if ((reached && side.effects.isNeeded(number)) || !unplaced.sameWithout(rule)) {
      parts(rule, number, side, someoneMatches);
      halfOpen.finding(rule).ifPresent(findings::add);
      passToNowhere(rule, number, side);
    } else if (!reached) {
      add(
          Kind.SHADOWED_RULE,
          rule,
          "",
          written.origin(),
          "nothing reaches this rule: what it matches is decided before it",
          others -> others.stream()
              .anyMatch(other -> lasting.decidesBefore(other, rule.policy(), written)),
          side,
          side.covers.ofRule(number));
    } else if (policyMatters) {
      boolean adds = rule.policy().tier() == Tier.NETWORK_POLICY;
      add(
          adds ? Kind.REDUNDANT_RULE : Kind.POINTLESS_RULE,
          rule,
          "",
          written.origin(),
          adds
              ? "other rules allow all that this rule allows"
              : "what this rule decides, the rules after it or the default decide alike",
          others -> adds && lasting.covers(others, rule.policy(), written),
          side,
          side.covers.ofRule(number));
    }
  }

  /** Entries of a rule that does something which do nothing. */
  private void parts(PlanRule rule, int number, Side side, boolean someoneMatches) {
    PolicyRule written = rule.rule();
    if (!someoneMatches) {
      return;
    }
    boolean adds = rule.policy().tier() == Tier.NETWORK_POLICY;
    String explanation = "without this entry every verdict stays the same";
    if (written.peers() instanceof Peers.AnyOf any && any.peers().size() > 1) {
      String list = written.direction() == Direction.INGRESS ? "from[" : "to[";
      for (int i = 0; i < any.peers().size(); i++) {
        if (!side.effects.isEntryNeeded(number, i) && unplaced.sameWithoutPeer(rule, i)) {
          Origin origin = any.peers().get(i).origin();
          Coverage cover = side.covers.ofEntry(number, i);
          int entry = i;
          Predicate<List<PolicyAndRule>> lasts = others ->
              lasting.coversPeer(adds ? others : List.of(), rule.policy(), written, entry);
          add(Kind.REDUNDANT_PEER, rule, list + i + "]", origin, explanation, lasts, side, cover);
        }
      }
    }
    if (written.ports() instanceof Ports.AnyOf any && any.matches().size() > 1) {
      for (int i = 0; i < any.matches().size(); i++) {
        if (!side.effects.isPortNeeded(number, i) && unplaced.sameWithoutPort(rule, i)) {
          Origin origin = any.matches().get(i).origin();
          Coverage cover = side.covers.ofPort(number, i);
          int entry = i;
          Predicate<List<PolicyAndRule>> lasts = others ->
              lasting.coversPort(adds ? others : List.of(), rule.policy(), written, entry);
          add(
              Kind.REDUNDANT_PORT,
              rule,
              "ports[" + i + "]",
              origin,
              explanation,
              lasts,
              side,
              cover);
        }
      }
    }
  }

  private void passToNowhere(PlanRule rule, int number, Side side) {
    side.effects.passedToNowhere(number).ifPresent(sighting -> {
      Optional<Flow> witness =
          new WitnessFlows(plan.classes()).flow(sighting, side.lines.direction());
      findings.add(about(
          Kind.PASS_TO_NOWHERE,
          rule,
          "no lower tier has a rule for what this passes on, so it is allowed by default",
          List.of(),
          witness));
    });
  }

  private void conflicts(Direction direction, Side side) {
    WitnessFlows witnesses = new WitnessFlows(plan.classes());
    side.effects.conflicts().forEach((pair, sighting) -> {
      PlanRule one = side.lines.rule(pair.one());
      PlanRule other = side.lines.rule(pair.other());
      String explanation =
          "%s and %s have the same priority %d and decide the same traffic differently; which wins is undefined, the stricter is assumed"
              .formatted(one.policy(), other.policy(), one.policy().priority());
      List<Cause> because = List.of(new Cause(other.policy(), Optional.of(other.rule())));
      findings.add(
          about(Kind.CONFLICT, one, explanation, because, witnesses.flow(sighting, direction)));
    });
  }

  private void add(
      Kind kind,
      PlanRule rule,
      String part,
      Origin origin,
      String explanation,
      Predicate<List<PolicyAndRule>> lasts,
      Side side,
      Coverage cover) {
    List<PlanRule> others = cover.by().stream().map(side.lines::rule).toList();
    List<Cause> because = others.stream()
        .map(other -> new Cause(other.policy(), Optional.of(other.rule())))
        .toList();
    findings.add(new Finding(
        kind,
        rule.policy(),
        Optional.of(rule.rule()),
        part,
        explanation,
        lasts.test(others.stream()
            .map(other -> new PolicyAndRule(other.policy(), other.rule()))
            .toList()),
        because,
        cover.witness(),
        origin));
  }

  static Finding about(Kind kind, Policy policy, String explanation, boolean lasting) {
    return new Finding(
        kind,
        policy,
        Optional.empty(),
        "",
        explanation,
        lasting,
        List.of(),
        Optional.empty(),
        policy.origin());
  }

  static Finding about(
      Kind kind, PlanRule rule, String part, Origin origin, String explanation, boolean lasting) {
    return new Finding(
        kind,
        rule.policy(),
        Optional.of(rule.rule()),
        part,
        explanation,
        lasting,
        List.of(),
        Optional.empty(),
        origin);
  }

  static Finding about(
      Kind kind, PlanRule rule, String explanation, List<Cause> because, Optional<Flow> witness) {
    return new Finding(
        kind,
        rule.policy(),
        Optional.of(rule.rule()),
        "",
        explanation,
        false,
        because,
        witness,
        rule.rule().origin());
  }
}
