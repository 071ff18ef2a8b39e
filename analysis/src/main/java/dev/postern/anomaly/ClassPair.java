package dev.postern.anomaly;

import dev.postern.algebra.ClassSet;
import dev.postern.policy.Action;
import dev.postern.policy.Tier;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Classes and peers that no rule tells apart, seen from the classes: the rules that concern both, and for a word of traffic at a time what
 * they decide. One object serves for all points, one after the other.
 */
final class ClassPair {

  private final RuleLines lines;
  private final TrafficAtoms atoms;
  private final OrderedTier admin = new OrderedTier(this);
  private final OrderedTier baseline = new OrderedTier(this);

  private int[] rules = new int[16];
  private int[] entries = new int[16];
  private int[] traffics = new int[16];
  private int[] policies = new int[16];
  private int[] priorities = new int[16];
  private Action[] actions = new Action[16];
  private long[] masks = new long[16];
  private long[] fresh = new long[16];
  private int count;
  private int networkPolicies;
  private int firstBaseline;

  private int[] markers = new int[16];
  private int marked;

  private int[] isolating = {};
  private Supplier<ClassSet> targets = () -> ClassSet.EMPTY;
  private Supplier<ClassSet> peers = () -> ClassSet.EMPTY;

  private int word;
  private long left;
  private long allowed;
  private long underneath;

  ClassPair(RuleLines lines, TrafficAtoms atoms) {
    this.lines = lines;
    this.atoms = atoms;
  }

  /**
   * Goes to a point.
   *
   * @param targets the classes
   * @param peers the peers
   * @param ordered the numbers of the ordered tiers' lines that concern both, ascending
   * @param middle the same of the NetworkPolicies' lines
   * @param isolating the numbers of the NetworkPolicies that isolate the classes
   * @param withNames whether lines that only DNS names may stand for count
   */
  void move(
      Supplier<ClassSet> targets,
      Supplier<ClassSet> peers,
      int[] ordered,
      int[] middle,
      int[] isolating,
      boolean withNames) {
    this.targets = targets;
    this.peers = peers;
    this.isolating = isolating;
    count = 0;
    marked = 0;
    int split = 0;
    while (split < ordered.length && tier(ordered[split]) == Tier.ADMIN) {
      split++;
    }
    add(lines.ordered(), ordered, 0, split, withNames);
    networkPolicies = count;
    add(lines.networkPolicies(), middle, 0, middle.length, withNames);
    firstBaseline = count;
    add(lines.ordered(), ordered, split, ordered.length, withNames);
    admin.steps(0, networkPolicies);
    baseline.steps(firstBaseline, count);
  }

  private Tier tier(int orderedLine) {
    return lines.rule(lines.ordered().get(orderedLine).rule()).policy().tier();
  }

  private void add(List<RuleLines.Line> book, int[] numbers, int from, int to, boolean withNames) {
    for (int i = from; i < to; i++) {
      RuleLines.Line line = book.get(numbers[i]);
      if (line.byName() && !withNames) {
        continue;
      }
      if (line.port() >= 0) {
        mark(line);
      } else if (count > 0 && rules[count - 1] == line.rule()) {
        // The same rule by another entry; what it covers depends on the ports alone.
        entries[count - 1] = entries[count - 1] == line.entry() ? line.entry() : -1;
      } else {
        add(line);
      }
    }
  }

  private void add(RuleLines.Line line) {
    if (count == rules.length) {
      int more = 2 * count;
      rules = Arrays.copyOf(rules, more);
      entries = Arrays.copyOf(entries, more);
      traffics = Arrays.copyOf(traffics, more);
      policies = Arrays.copyOf(policies, more);
      priorities = Arrays.copyOf(priorities, more);
      actions = Arrays.copyOf(actions, more);
      masks = Arrays.copyOf(masks, more);
      fresh = Arrays.copyOf(fresh, more);
    }
    rules[count] = line.rule();
    entries[count] = line.entry();
    traffics[count] = line.traffic();
    policies[count] = lines.policyOf(line.rule());
    priorities[count] = lines.rule(line.rule()).policy().priority();
    actions[count++] = lines.action(line.rule());
  }

  private void mark(RuleLines.Line line) {
    if (marked + 3 > markers.length) {
      markers = Arrays.copyOf(markers, 2 * markers.length);
    }
    markers[marked++] = line.rule();
    markers[marked++] = line.port();
    markers[marked++] = line.traffic();
  }

  /** Goes to a word of traffic. */
  void word(int next) {
    word = next;
    long all = atoms.all(next);
    allowed = 0;
    for (int i = 0; i < count; i++) {
      masks[i] = atoms.mask(traffics[i], next);
      if (i >= networkPolicies && i < firstBaseline) {
        allowed |= masks[i];
      }
    }
    underneath = baseline.work(all, all);
    admin.work(all, isolating.length > 0 ? allowed : underneath);
    left = admin.left();
    baseline.work(isolating.length > 0 ? 0 : left, all);
  }

  TrafficAtoms atoms() {
    return atoms;
  }

  /** The classes; found when asked for. */
  ClassSet targets() {
    return targets.get();
  }

  /** The peers; found when asked for. */
  ClassSet peers() {
    return peers.get();
  }

  int word() {
    return word;
  }

  OrderedTier admin() {
    return admin;
  }

  OrderedTier baseline() {
    return baseline;
  }

  /** How many rules concern the point: the Admin tier's, the NetworkPolicies', the Baseline tier's, in this order. */
  int count() {
    return count;
  }

  int firstNetworkPolicy() {
    return networkPolicies;
  }

  int firstBaseline() {
    return firstBaseline;
  }

  int rule(int place) {
    return rules[place];
  }

  /** The only entry by which a rule concerns the point; -1 for several. */
  int entry(int place) {
    return entries[place];
  }

  int policy(int place) {
    return policies[place];
  }

  int priority(int place) {
    return priorities[place];
  }

  Action action(int place) {
    return actions[place];
  }

  long mask(int place) {
    return masks[place];
  }

  /** What reaches a rule of an ordered tier: neither an earlier priority nor an earlier rule of its policy decides it. */
  long fresh(int place) {
    return fresh[place];
  }

  /** Takes what a ladder finds to reach a rule. */
  void fresh(int place, long bits) {
    fresh[place] = bits;
  }

  /** The numbers of the NetworkPolicies that isolate the classes. */
  int[] isolating() {
    return isolating;
  }

  /** What the Admin tier leaves to the tiers under it. */
  long left() {
    return left;
  }

  /** What the NetworkPolicies allow together. */
  long allowed() {
    return allowed;
  }

  /** What would pass under the Admin tier if no NetworkPolicy isolated the class. */
  long underneath() {
    return underneath;
  }

  /** What the Baseline tier has a rule for. */
  long named() {
    long named = 0;
    for (int i = firstBaseline; i < count; i++) {
      named |= masks[i];
    }
    return named;
  }

  /** What of the word one entry of a rule's ports means, and with {@code others} what all others mean. */
  long port(int place, int port, boolean others) {
    int rule = rules[place];
    int[] numbered = lines.portTraffic(rule);
    long mask = 0;
    for (int i = 0; i < numbered.length; i++) {
      if ((i == port) != others) {
        mask |= atoms.mask(numbered[i], word);
      }
    }
    if (numbered.length == 0) {
      for (int i = 0; i < marked; i += 3) {
        if (markers[i] == rule && (markers[i + 1] == port) != others) {
          mask |= atoms.mask(markers[i + 2], word);
        }
      }
    }
    return mask;
  }
}
