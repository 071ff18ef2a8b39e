package dev.postern.netfilter;

import dev.postern.net.AddressRange;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.policy.Direction;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a layout costs.
 *
 * @param groups groups of pods that share their rules
 * @param pods policed addresses
 * @param sets shared sets of peers, and lookups
 * @param members entries of them all
 * @param outcomes shared chains of traffic
 * @param worst rules that the first packet of a connection traverses at most in the chains of its two groups, without the way there
 * @param typical the same, as the mean over policed pods of half their group's steps and one outcome
 */
public record LayoutCost(
    int groups, int pods, int sets, long members, int outcomes, int worst, double typical) {

  public static LayoutCost of(Map<Family, Layout> layouts) {
    int groups = 0;
    int pods = 0;
    int sets = 0;
    long members = 0;
    int outcomes = 0;
    int worst = 0;
    double sum = 0;
    for (Layout layout : layouts.values()) {
      groups += layout.egress().size() + layout.ingress().size();
      pods += layout.hairpin().ranges().stream().mapToInt(LayoutCost::width).sum();
      sets += layout.sets().size() + layout.lookups().size();
      for (PeerSet set : layout.sets().values()) {
        members += set.members();
      }
      for (PeerStep.Lookup lookup : layout.lookups().values()) {
        for (PeerStep.Lookup.Entry entry : lookup.entries()) {
          members += entry.peers().members();
        }
      }
      outcomes += layout.outcomes().size();
      int both = 0;
      for (Direction direction : Direction.values()) {
        int most = 0;
        for (Group group : layout.groups(direction)) {
          most = Math.max(most, worst(group));
          sum += typical(group)
              * group.pods().ranges().stream().mapToInt(LayoutCost::width).sum();
        }
        both += most;
      }
      worst = Math.max(worst, both);
    }
    return new LayoutCost(groups, pods, sets, members, outcomes, worst, pods == 0 ? 0 : sum / pods);
  }

  private static int width(AddressRange range) {
    return (int) (range.last().low() - range.first().low() + 1);
  }

  private static int worst(Group group) {
    int steps = 0;
    int outcome = 0;
    for (PeerStep step : group.steps()) {
      steps += width(step);
      if (step instanceof PeerStep.Match match) {
        outcome = Math.max(outcome, rules(match.outcome()));
      } else if (step instanceof PeerStep.Lookup lookup) {
        for (PeerStep.Lookup.Entry entry : lookup.entries()) {
          outcome = Math.max(outcome, rules(entry.outcome()));
        }
      }
    }
    return 1 + steps + outcome;
  }

  private static double typical(Group group) {
    List<PeerStep> steps = group.steps();
    double outcome = steps.stream()
        .mapToInt(step -> step instanceof PeerStep.Match match
            ? rules(match.outcome())
            : ((PeerStep.Lookup) step)
                .entries().stream().mapToInt(e -> rules(e.outcome())).max().orElse(0))
        .average()
        .orElse(0);
    return 1 + (steps.stream().mapToInt(LayoutCost::width).sum() + 1) / 2.0 + outcome / 2;
  }

  /** How many rules a step is at most. */
  private static int width(PeerStep step) {
    return step instanceof PeerStep.Match match
        ? match
            .peers()
            .filter(PeerSet::isFew)
            .map(peers -> peers.addresses().cidrs().size())
            .orElse(1)
        : 1;
  }

  private static int rules(PeerOutcome outcome) {
    Traffic traffic = outcome.traffic();
    if (traffic.isAll() || traffic.isEmpty()) {
      return 0;
    }
    int rules = 1;
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      int intervals = traffic.ports(protocol).intervals().size();
      rules += (intervals + 6) / 7;
    }
    return rules;
  }

  /**
   * For people.
   *
   * @param target the target's name
   * @param way rules before a packet comes to its groups
   * @param depth rules that find a group in the worst case, in each direction
   * @param usual rules that find a group on average
   */
  public String text(String target, int way, int depth, double usual) {
    return String.format(
        Locale.ROOT,
        """
        target                      %s
        policed addresses           %d
        groups that share rules     %d
        shared traffic chains       %d
        sets                        %d
        set members                 %d
        rules a new connection traverses
          worst                     %d
          typical                   %.1f
        rules an established one    1
        """,
        target,
        pods,
        groups,
        outcomes,
        sets,
        members,
        way + 2 * depth + worst,
        way + usual + typical);
  }
}
