package dev.postern.aws.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntFunction;

/**
 * The value of an entry for cluster policies, read as {@code evaluateClusterPolicyByLookUp} and {@code evaluateFlow} read it: the slot of the
 * lowest priority decides, a denial before what allows before what passes on; priorities above 1000 are the baseline's.
 *
 * @param bytes the value
 */
record ClusterSlots(ByteBuffer bytes) {

  static final int SIZE = 384;

  /** The actions; what no slot says anything of passes on. */
  static final int DENY = 0;

  static final int ALLOW = 1;
  static final int PASS = 2;

  private static final int SLOT = 16;
  private static final int ANY = 254;
  private static final int PROTOCOLS = 256;
  private static final int MOST_PORTS = 65535;
  private static final int NO_PRIORITY = 65536;
  private static final int LAST_OF_ADMIN = 1000;
  private static final Set<Integer> WITH_PORTS = Set.of(6, 17, 132);

  /** What is decided about a packet: the admin tier's action, and the baseline's for what it passes on. */
  private record Decision(int admin, int baseline) {}

  static ClusterSlots of(byte[] value) {
    return new ClusterSlots(ByteBuffer.wrap(value).asReadOnlyBuffer());
  }

  /** Whether slots of zeros, as agents leave behind the last one, deny IP protocol 0. */
  boolean decidesOnProtocolZero() {
    for (int at = 0; at < SIZE; at += SLOT) {
      if (number(at) == 0) {
        return true;
      }
    }
    return false;
  }

  /** What a slot says that no agent known here writes, and so may mean something else; empty if none does. */
  Optional<String> newer() {
    for (int at = 0; at < SIZE; at += SLOT) {
      if (number(at) >= PROTOCOLS) {
        return Optional.of("protocol " + number(at));
      }
      if (number(at + 4) % 10 > PASS) {
        return Optional.of("action " + number(at + 4) % 10);
      }
      if (number(at + 4) / 10 >= NO_PRIORITY) {
        return Optional.of("priority " + number(at + 4) / 10);
      }
      if (number(at + 8) > MOST_PORTS || number(at + 12) > MOST_PORTS) {
        return Optional.of("ports " + number(at + 8) + " to " + number(at + 12));
      }
    }
    return Optional.empty();
  }

  /**
   * The decisions as rules; one of them holds for each packet.
   *
   * @param passedOn what becomes of packets that the admin tier passes on, by the baseline's action
   */
  List<EnforcedRule> rules(IntFunction<RuleAction> passedOn) {
    SortedSet<Integer> named = new TreeSet<>();
    for (int at = 0; at < SIZE; at += SLOT) {
      if (number(at) < PROTOCOLS) {
        named.add((int) number(at));
      }
    }
    List<EnforcedRule> rules = new ArrayList<>();
    for (int protocol : named) {
      Condition its = new Condition.IpProtocol(Set.of(protocol));
      if (WITH_PORTS.contains(protocol)) {
        ports(protocol, its, passedOn, rules);
      } else {
        rules.add(rule(its, decide(protocol, 0), passedOn));
      }
    }
    rules.add(rule(Condition.ALWAYS, decide(PROTOCOLS, 0), passedOn));
    return rules;
  }

  private void ports(
      int protocol, Condition its, IntFunction<RuleAction> passedOn, List<EnforcedRule> rules) {
    SortedSet<Integer> starts = new TreeSet<>(Set.of(1));
    for (int at = 0; at < SIZE; at += SLOT) {
      for (long border : new long[] {number(at + 8), number(at + 8) + 1, number(at + 12) + 1}) {
        if (border > 1 && border <= MOST_PORTS) {
          starts.add((int) border);
        }
      }
    }
    List<Integer> firsts = List.copyOf(starts);
    int first = 1;
    for (int i = 0; i < firsts.size(); i++) {
      int last = i + 1 < firsts.size() ? firsts.get(i + 1) - 1 : MOST_PORTS;
      Decision here = decide(protocol, first);
      if (last == MOST_PORTS || !decide(protocol, last + 1).equals(here)) {
        Condition range = new Condition.DestinationPort(first, last);
        rules.add(rule(Condition.all(its, range), here, passedOn));
        first = last + 1;
      }
    }
  }

  private Decision decide(int protocol, int port) {
    long adminPriority = NO_PRIORITY;
    long baselinePriority = NO_PRIORITY;
    int admin = PASS;
    int baseline = PASS;
    for (int at = 0; at < SIZE; at += SLOT) {
      if (!matches(at, protocol, port)) {
        continue;
      }
      long priority = number(at + 4) / 10;
      int action = (int) (number(at + 4) % 10);
      if (priority < adminPriority || priority == adminPriority && action < admin) {
        adminPriority = priority;
        admin = action;
      }
      if (priority > LAST_OF_ADMIN
          && (priority < baselinePriority || priority == baselinePriority && action < baseline)) {
        baselinePriority = priority;
        baseline = action;
      }
    }
    return new Decision(adminPriority <= LAST_OF_ADMIN ? admin : PASS, baseline);
  }

  /** "Any protocol" is any port, too, whatever the slot's ports say. */
  private boolean matches(int at, int protocol, int port) {
    long start = number(at + 8);
    long end = number(at + 12);
    return number(at) == ANY
        || number(at) == protocol
            && (start == 0 || port == start || end > 0 && port >= start && port <= end);
  }

  private static EnforcedRule rule(
      Condition condition, Decision decision, IntFunction<RuleAction> passedOn) {
    RuleAction action = decision.admin == DENY
        ? RuleAction.DROP
        : decision.admin == ALLOW ? RuleAction.ACCEPT : passedOn.apply(decision.baseline);
    String text = "cluster policies: admin tier " + word(decision.admin) + ", baseline "
        + word(decision.baseline);
    return new EnforcedRule(condition, action, text, Origin.NONE);
  }

  static String word(int action) {
    return action == DENY ? "denies" : action == ALLOW ? "allows" : "passes on";
  }

  private long number(int at) {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(at) & 0xFFFFFFFFL;
  }
}
