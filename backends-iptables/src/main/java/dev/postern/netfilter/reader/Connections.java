package dev.postern.netfilter.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.netfilter.reader.Plane.Hook;
import dev.postern.netfilter.reader.Plane.Point;
import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What conntrack says of packets, and where it has not been asked yet: before its hooks, which have priority -200 ({@code
 * NF_IP_PRI_CONNTRACK}), a packet has no connection. It is invalid there, or untracked after {@code notrack}, and no rule matches that asks for
 * anything else of a connection ({@code nft_ct_get_eval}, {@code xt_conntrack}, {@code xt_connmark}).
 */
public final class Connections {

  private static final int PRIORITY = -200;

  private static final Pattern UNTRACKING = Pattern.compile("\\bnotrack\\b|\\bNOTRACK\\b|-j CT\\b");

  private static final Condition KNOWN = new Condition.State(
      Set.of(ConnectionState.NEW, ConnectionState.ESTABLISHED, ConnectionState.RELATED));

  /** Whether some rule leaves packets out of tracking, which are not invalid then. */
  private final boolean untracking;

  private Connections(boolean untracking) {
    this.untracking = untracking;
  }

  /** What conntrack says where a node has these chains. */
  static Connections of(Collection<Chain> chains) {
    return new Connections(chains.stream()
        .flatMap(chain -> chain.rules().stream())
        .anyMatch(rule -> UNTRACKING.matcher(rule.text()).find()));
  }

  /** A condition on what a connection has, such as its mark: a packet without a connection does not meet it, and not its contrary. */
  public static Condition having(Condition condition) {
    return Condition.all(KNOWN, condition);
  }

  /** The contrary of a match: of one on what a connection has, that of a packet with a connection. */
  public static Condition not(Condition match) {
    return match instanceof Condition.All all
            && all.conditions().size() == 2
            && all.conditions().get(0).equals(KNOWN)
        ? having(new Condition.Not(all.conditions().get(1)))
        : new Condition.Not(match);
  }

  /** A condition as it is asked at a hook. */
  Condition at(Hook hook, Condition condition) {
    if (condition instanceof Condition.All all) {
      return Condition.all(
          all.conditions().stream().map(part -> at(hook, part)).toArray(Condition[]::new));
    }
    if (condition instanceof Condition.Any any) {
      return Condition.any(
          any.conditions().stream().map(part -> at(hook, part)).toArray(Condition[]::new));
    }
    if (condition instanceof Condition.Not not) {
      return new Condition.Not(at(hook, not.condition()));
    }
    if (hook.point() != Point.INGRESS
        && hook.priority() == PRIORITY
        && (condition instanceof Condition.State || condition instanceof Condition.Reply)) {
      return new Condition.Unknown("whether conntrack comes before a chain of its own priority");
    }
    if (condition instanceof Condition.State state) {
      return before(state);
    }
    return condition instanceof Condition.Reply
        ? new Condition.Unknown("the direction of a packet before conntrack is asked")
        : condition;
  }

  /** Whether packets come by before conntrack is asked, or may: at its own priority it depends on which of both came first. */
  static boolean isUnknownAt(Hook hook) {
    return hook.point() == Point.INGRESS
        || (hook.point() == Point.PREROUTING || hook.point() == Point.OUTPUT)
            && hook.priority() <= PRIORITY;
  }

  private Condition before(Condition.State state) {
    boolean invalid = state.states().contains(ConnectionState.INVALID);
    boolean untracked = state.states().contains(ConnectionState.UNTRACKED);
    return invalid == untracked || !untracking
        ? invalid ? Condition.ALWAYS : Condition.NEVER
        : new Condition.Unknown("whether a packet is left out of tracking");
  }
}
