package dev.postern.ovn.read;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What northd puts before all ACLs on a switch that tracks connections (ovn-northd(8), Ingress Table: ACLs). */
final class BuiltInRules {

  private static final Set<Integer> DISCOVERY = Set.of(133, 134, 135, 136);

  private BuiltInRules() {}

  /**
   * The rules of one pipeline.
   *
   * @param toPort whether it is that towards ports
   */
  static List<EnforcedRule> of(Tracking tracking, boolean toPort) {
    Condition asked = tracking.asked(toPort);
    Condition answer = Condition.all(
        new Condition.State(Set.of(ConnectionState.ESTABLISHED)), new Condition.Reply());
    List<EnforcedRule> rules = new ArrayList<>();
    rules.add(rule(
        asked, new Condition.State(Set.of(ConnectionState.INVALID)), RuleAction.DROP, "ct.inv"));
    Condition untracked = tracking.openedUntracked();
    if (!untracked.equals(Condition.NEVER)) {
      String text = "what conntrack makes of an answer to what allow-stateless let through";
      rules.add(rule(asked, Condition.all(answer, untracked), new RuleAction.Unknown(text), text));
    }
    rules.add(rule(asked, answer, RuleAction.ACCEPT, "ct.est && ct.rpl"));
    rules.add(rule(
        asked, new Condition.State(Set.of(ConnectionState.RELATED)), RuleAction.ACCEPT, "ct.rel"));
    rules.add(rule(
        asked,
        Condition.all(
            new Condition.SourceAddress(AddressSet.of(Cidr.all(Family.IPV6))),
            new Condition.IcmpType(DISCOVERY)),
        RuleAction.ACCEPT,
        "nd || nd_rs || nd_ra"));
    return rules;
  }

  private static EnforcedRule rule(
      Condition tracked, Condition condition, RuleAction action, String text) {
    return new EnforcedRule(
        MatchMeaning.all(List.of(tracked, condition)), action, "built in: " + text, Origin.NONE);
  }
}
