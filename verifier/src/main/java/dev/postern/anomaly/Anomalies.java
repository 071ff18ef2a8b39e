package dev.postern.anomaly;

import dev.postern.algebra.ClassSet;
import dev.postern.anomaly.Finding.Kind;
import dev.postern.diagnostic.Origin;
import dev.postern.meaning.Decision.Cause;
import dev.postern.meaning.Flow;
import dev.postern.plan.Plan;
import dev.postern.plan.PlanRule;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** All anomalies of a cluster's policies. Exact for the endpoints there are; says so where something holds for all that could ever be. */
public final class Anomalies {

  private final Plan plan;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Direction, Redundancy> redundancies = new EnumMap<>(Direction.class);
  /** For each variant the field that it lacks, and the kind of finding. */
  private final Map<PlanRule, List<Variant>> variants = new IdentityHashMap<>();

  /** For each rule its place among all. */
  private final Map<PlanRule, Integer> places = new IdentityHashMap<>();

  private record Variant(PlanRule rest, Kind kind, String part, Origin origin) {}

  private Anomalies(Plan plan) {
    this.plan = plan;
  }

  /** Everything there is to find, in order of the policies; of one rule only the strongest. */
  public static List<Finding> of(Plan plan) {
    Anomalies anomalies = new Anomalies(plan);
    anomalies.find();
    return List.copyOf(anomalies.findings);
  }

  private void find() {
    plan.rules().forEach(rule -> {
      variants.put(rule, variants(rule));
      places.put(rule, places.size());
    });
    Map<PlanRule, List<PlanRule>> rests = new IdentityHashMap<>();
    variants.forEach(
        (rule, all) -> rests.put(rule, all.stream().map(Variant::rest).toList()));
    for (Direction direction : Direction.values()) {
      redundancies.put(direction, new Redundancy(plan, direction, rests));
    }
    Map<Policy, List<PlanRule>> rulesOf = new IdentityHashMap<>();
    plan.rules()
        .forEach(rule ->
            rulesOf.computeIfAbsent(rule.policy(), policy -> new ArrayList<>()).add(rule));
    Selections selections = new Selections(plan, findings);
    HalfOpen halfOpen = new HalfOpen(plan);
    for (Policy policy : plan.cluster().policies()) {
      if (!selections.subject(policy)) {
        continue;
      }
      boolean matters =
          redundancies.values().stream().anyMatch(redundancy -> redundancy.matters(policy));
      if (!matters) {
        Kind kind = Standing.isolatesAlone(policy, plan.cluster())
            ? Kind.REDUNDANT_NOW
            : Kind.REDUNDANT_POLICY;
        findings.add(about(kind, policy, "without this policy every verdict stays the same"));
      }
      for (PlanRule rule : rulesOf.getOrDefault(policy, List.of())) {
        rule(rule, matters, selections, halfOpen);
      }
    }
    findings.addAll(Conflicts.of(plan));
  }

  private Redundancy redundancy(Direction direction) {
    return Objects.requireNonNull(redundancies.get(direction));
  }

  private void rule(
      PlanRule rule, boolean policyMatters, Selections selections, HalfOpen halfOpen) {
    PolicyRule written = rule.rule();
    if (!Redundancy.concerns(rule, written.direction())) {
      findings.add(about(
          Kind.INERT_RULES,
          rule,
          "",
          written.origin(),
          "`policyTypes` leaves " + written.direction().field()
              + " out, so this rule does nothing"));
      return;
    }
    boolean someoneMatches = selections.peers(rule);
    if (rule.rectangles().isEmpty() && rule.byName().isEmpty()) {
      if (someoneMatches && written.ports() instanceof Ports.AnyOf) {
        String explanation = "no pod at the receiving end has a port of this name";
        findings.add(about(Kind.NAMED_PORT_NOWHERE, rule, "ports", written.origin(), explanation));
      }
      return;
    }
    Redundancy.Effect effect = redundancy(written.direction()).effect(rule);
    if (!effect.isReached) {
      add(
          rule,
          Kind.SHADOWED_RULE,
          "nothing reaches this rule: what it matches is decided before it",
          effect);
    } else if (!effect.changesSomething && policyMatters) {
      if (rule.policy().tier() == Tier.NETWORK_POLICY) {
        add(rule, Kind.REDUNDANT_RULE, "other rules allow all that this rule allows", effect);
      } else {
        add(
            rule,
            Kind.POINTLESS_RULE,
            "what this rule decides, the rules after it or the default decide alike",
            effect);
      }
    } else if (effect.changesSomething) {
      for (Variant variant : variants.getOrDefault(rule, List.of())) {
        Redundancy.Effect less = redundancy(written.direction()).effect(variant.rest());
        if (!less.changesSomething && someoneMatches) {
          findings.add(about(
              variant.kind(),
              rule,
              variant.part(),
              variant.origin(),
              "without this entry every verdict stays the same"));
        }
      }
      halfOpen.finding(rule).ifPresent(findings::add);
      PassToNowhere.finding(plan, rule).ifPresent(findings::add);
    }
  }

  private void add(PlanRule rule, Kind kind, String explanation, Redundancy.Effect effect) {
    List<Cause> because = effect.covers.stream()
        .sorted(Comparator.comparing(places::get))
        .map(other -> new Cause(other.policy(), Optional.of(other.rule())))
        .toList();
    findings.add(new Finding(
        kind,
        rule.policy(),
        Optional.of(rule.rule()),
        "",
        explanation,
        because,
        Optional.empty(),
        rule.rule().origin()));
  }

  /** The rule without each entry of its peers and of its ports, where it has more than one. */
  private List<Variant> variants(PlanRule rule) {
    List<Variant> all = new ArrayList<>();
    PolicyRule written = rule.rule();
    boolean ingress = written.direction() == Direction.INGRESS;
    if (written.peers() instanceof Peers.AnyOf any && any.peers().size() > 1) {
      for (int i = 0; i < any.peers().size(); i++) {
        PolicyRule less = with(written, new Peers.AnyOf(without(any.peers(), i)), written.ports());
        String part = (ingress ? "from[" : "to[") + i + "]";
        Peer peer = any.peers().get(i);
        all.add(
            new Variant(plan.cover(rule.policy(), less), Kind.REDUNDANT_PEER, part, peer.origin()));
      }
    }
    if (written.ports() instanceof Ports.AnyOf any && any.matches().size() > 1) {
      for (int i = 0; i < any.matches().size(); i++) {
        PolicyRule less =
            with(written, written.peers(), new Ports.AnyOf(without(any.matches(), i)));
        Origin origin = any.matches().get(i).origin();
        all.add(new Variant(
            plan.cover(rule.policy(), less), Kind.REDUNDANT_PORT, "ports[" + i + "]", origin));
      }
    }
    return all;
  }

  private static PolicyRule with(PolicyRule rule, Peers peers, Ports ports) {
    return new PolicyRule(
        rule.direction(), rule.index(), rule.name(), rule.action(), peers, ports, rule.origin());
  }

  private static <T> List<T> without(List<T> list, int index) {
    List<T> rest = new ArrayList<>(list);
    rest.remove(index);
    return rest;
  }

  static Finding about(Kind kind, Policy policy, String explanation) {
    return new Finding(
        kind,
        policy,
        Optional.empty(),
        "",
        explanation,
        List.of(),
        Optional.empty(),
        policy.origin());
  }

  static Finding about(Kind kind, PlanRule rule, String part, Origin origin, String explanation) {
    return new Finding(
        kind,
        rule.policy(),
        Optional.of(rule.rule()),
        part,
        explanation,
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
        because,
        witness,
        rule.rule().origin());
  }

  static ClassSet targets(PlanRule rule) {
    return rule.rectangles().stream().map(r -> r.targets()).reduce(ClassSet.EMPTY, ClassSet::union);
  }
}
