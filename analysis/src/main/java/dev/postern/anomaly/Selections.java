package dev.postern.anomaly;

import dev.postern.anomaly.Finding.Kind;
import dev.postern.diagnostic.Origin;
import dev.postern.plan.Plan;
import dev.postern.plan.PlanRule;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.List;
import java.util.Optional;

/** Selectors that match nobody: now, or ever. */
final class Selections {

  private static final String NO_NAMESPACE =
      ", and none that comes can be, while namespaces keep their labels";

  private final Plan plan;
  private final LastingCoverage lasting;
  private final List<Finding> findings;

  Selections(Plan plan, LastingCoverage lasting, List<Finding> findings) {
    this.plan = plan;
    this.lasting = lasting;
    this.findings = findings;
  }

  /** Whether a policy selects anyone; says what is wrong if not. */
  boolean subject(Policy policy) {
    Optional<String> never =
        never(policy.subject().namespaces(), policy.subject().pods());
    if (never.isPresent()) {
      findings.add(Anomalies.about(
          Kind.CONTRADICTORY_SELECTOR,
          policy,
          "no pod can ever be selected: " + never.get(),
          true));
      return false;
    }
    if (plan.targets(policy).isEmpty()) {
      boolean could = lasting.couldMatch(policy.subject().namespaces());
      findings.add(Anomalies.about(
          Kind.SELECTS_NOTHING,
          policy,
          "selects no pod that is here now (" + words(policy.subject().pods()) + ")"
              + (could ? "; one that comes may be selected" : NO_NAMESPACE),
          !could));
      return false;
    }
    return true;
  }

  /**
   * Whether each of a rule's peers matches anyone; says which do not.
   *
   * @param number the rule's number among the lines of its direction
   */
  boolean peers(PlanRule rule, int number, RuleLines lines) {
    if (!(rule.rule().peers() instanceof Peers.AnyOf any)) {
      return true;
    }
    boolean all = true;
    for (int i = 0; i < any.peers().size(); i++) {
      Peer peer = any.peers().get(i);
      if (lines.covers(number, i)) {
        continue;
      }
      String part = (rule.rule().direction().field().equals("ingress") ? "from[" : "to[") + i + "]";
      all &= peer(rule, peer, part);
    }
    return all;
  }

  private boolean peer(PlanRule rule, Peer peer, String part) {
    if (peer instanceof Peer.DomainNames || peer instanceof Peer.Unknown) {
      return true;
    }
    if (peer instanceof Peer.Pods pods) {
      Optional<String> never = never(pods.namespaces(), pods.pods());
      if (never.isPresent()) {
        add(
            Kind.CONTRADICTORY_SELECTOR,
            rule,
            part,
            peer.origin(),
            "no pod can ever match: " + never.get(),
            true);
        return false;
      }
    }
    if (peer instanceof Peer.IpBlock block && block.addresses().isEmpty()) {
      add(
          Kind.CONTRADICTORY_SELECTOR,
          rule,
          part,
          peer.origin(),
          "`except` leaves nothing of " + block.cidr(),
          true);
      return false;
    }
    boolean maybe = peer instanceof Peer.Nodes && !rule.byPlace().isEmpty();
    if (!maybe && plan.matched(rule.policy(), rule.rule(), peer).isEmpty()) {
      boolean could = !(peer instanceof Peer.Pods pods) || lasting.couldMatch(pods.namespaces());
      add(
          Kind.PEER_MATCHES_NOTHING,
          rule,
          part,
          peer.origin(),
          "matches nobody who is here now" + (could ? "; one who comes may match" : NO_NAMESPACE),
          !could);
      return false;
    }
    return true;
  }

  private void add(
      Kind kind, PlanRule rule, String part, Origin origin, String explanation, boolean lasts) {
    findings.add(Anomalies.about(kind, rule, part, origin, explanation, lasts));
  }

  private static Optional<String> never(NamespaceSelection namespaces, Selector pods) {
    Optional<List<Requirement>> contradiction = namespaces
            instanceof NamespaceSelection.Matching matching
        ? LabelValues.contradiction(matching.selector()).or(() -> LabelValues.contradiction(pods))
        : LabelValues.contradiction(pods);
    return contradiction.map(requirements -> "`"
        + String.join(
            "` and `", requirements.stream().map(Requirement::toString).toList())
        + "` cannot both hold");
  }

  private static String words(Selector selector) {
    return selector.isEverything() ? "every pod" : selector.toString();
  }
}
