package dev.postern.anomaly;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Rectangle;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.plan.PlanRule;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of one direction taken apart: a line for each rectangle of each entry of {@code from} or {@code to}, so that a sweep over the
 * lines shows not only which rules concern a pair of classes but by which of their entries. Everything has a number.
 */
final class RuleLines {

  /**
   * One rectangle.
   *
   * @param rule the rule's number
   * @param entry the entry of its peers that covers; 0 if it has one or none; -1 for a line that says what one port means
   * @param port for a line that only says what one of the rule's ports means here, its place; else -1
   * @param targets the policy's classes
   * @param peers the other end
   * @param traffic the number of what it covers
   * @param byName whether it covers only what DNS names may stand for
   */
  record Line(
      int rule,
      int entry,
      int port,
      ClassSet targets,
      ClassSet peers,
      int traffic,
      boolean byName) {}

  private static final int[] NO_TRAFFIC = {};
  private static final Rectangle NOTHING =
      new Rectangle(ClassSet.EMPTY, ClassSet.EMPTY, Traffic.NONE);

  private final Plan plan;
  private final Direction direction;
  private final List<PlanRule> rules;
  private final int[] policyOf;
  private final Action[] actions;
  /** Where the numbers of a rule's entries and ports begin; none where it has fewer than two. */
  private final int[] firstEntry;

  private final int[] firstPort;
  /** For a rule with several ports, all by number, what each is; empty for others. */
  private final int[][] portTraffic;
  /** The entry without which a rule's denial becomes the pass that was written; -1 if there is no such. */
  private final int[] unknownEntry;

  /** By number of an entry whether some line is about it. */
  private final BitSet covering = new BitSet();

  private final List<Line> ordered = new ArrayList<>();
  private final List<Line> networkPolicies = new ArrayList<>();
  private final List<Traffic> traffics = new ArrayList<>();
  private final Map<Traffic, Integer> trafficNumbers = new HashMap<>();

  RuleLines(Plan plan, Direction direction) {
    this.plan = plan;
    this.direction = direction;
    this.rules = plan.rules().stream().filter(rule -> concerns(rule, direction)).toList();
    int count = rules.size();
    policyOf = new int[count];
    actions = new Action[count];
    firstEntry = new int[count + 1];
    firstPort = new int[count + 1];
    portTraffic = new int[count][];
    unknownEntry = new int[count];
    Map<Policy, Integer> policies = new IdentityHashMap<>();
    plan.cluster().policies().forEach(policy -> policies.put(policy, policies.size()));
    for (int rule = 0; rule < count; rule++) {
      PlanRule each = rules.get(rule);
      actions[rule] = each.action();
      policyOf[rule] = policies.getOrDefault(each.policy(), -1);
      add(rule, each, each.policy().tier() == Tier.NETWORK_POLICY ? networkPolicies : ordered);
    }
  }

  static boolean concerns(PlanRule rule, Direction direction) {
    return rule.rule().direction() == direction && rule.policy().appliesTo(direction);
  }

  private void add(int number, PlanRule rule, List<Line> lines) {
    PolicyRule written = rule.rule();
    List<Peer> peers = written.peers() instanceof Peers.AnyOf any ? any.peers() : List.<Peer>of();
    List<Ports.PortMatch> ports =
        written.ports() instanceof Ports.AnyOf any ? any.matches() : List.<Ports.PortMatch>of();
    firstEntry[number + 1] = firstEntry[number] + (peers.size() > 1 ? peers.size() : 0);
    firstPort[number + 1] = firstPort[number] + (ports.size() > 1 ? ports.size() : 0);
    unknownEntry[number] = soleUnknown(rule, peers);
    portTraffic[number] = NO_TRAFFIC;
    if (rule.rectangles().isEmpty() && rule.byName().isEmpty()) {
      return;
    }
    boolean numbered = true;
    for (Ports.PortMatch port : ports) {
      numbered &= port instanceof Ports.Numbered;
    }
    if (peers.size() > 1 && numbered) {
      // Each block has a part in it; who takes one away is told by UnplacedPeers what that changes.
      ClassSet anywhere = plan.matchedAnywhere(rule.policy(), written);
      for (int i = 0; i < peers.size(); i++) {
        Peer peer = peers.get(i);
        boolean block = peer instanceof Peer.IpBlock || peer instanceof Peer.Networks;
        entry(number, i, rule, peer, block ? anywhere : ClassSet.EMPTY, lines);
      }
    } else if (peers.size() > 1) {
      for (int i = 0; i < peers.size(); i++) {
        Peers one = new Peers.AnyOf(List.of(peers.get(i)));
        add(number, i, -1, plan.cover(rule.policy(), with(written, one, written.ports())), lines);
      }
    } else {
      add(number, 0, -1, rule, lines);
    }
    if (ports.size() > 1) {
      if (numbered) {
        portTraffic[number] = new int[ports.size()];
        for (int i = 0; i < ports.size(); i++) {
          Ports.Numbered port = (Ports.Numbered) ports.get(i);
          portTraffic[number][i] = number(Traffic.of(port.protocol(), port.ports()));
        }
      } else {
        for (int i = 0; i < ports.size(); i++) {
          Ports one = new Ports.AnyOf(List.of(ports.get(i)));
          add(number, -1, i, plan.cover(rule.policy(), with(written, written.peers(), one)), lines);
        }
      }
    }
  }

  /** The line of one entry of a rule whose ports have numbers, so that they are the same for all. */
  private void entry(
      int number, int entry, PlanRule rule, Peer peer, ClassSet besides, List<Line> lines) {
    boolean names = peer instanceof Peer.DomainNames;
    Rectangle of =
        (names ? rule.byName() : rule.rectangles()).stream().findFirst().orElse(NOTHING);
    ClassSet peers =
        names ? of.peers() : plan.matched(rule.policy(), rule.rule(), peer).union(besides);
    Rectangle rectangle = new Rectangle(of.targets(), peers, of.traffic());
    if (!rectangle.isEmpty()) {
      lines.add(line(number, entry, -1, rectangle, names));
    }
  }

  private static int soleUnknown(PlanRule rule, List<Peer> peers) {
    int found = -1;
    if (rule.action() != rule.rule().action()) {
      for (int i = 0; i < peers.size(); i++) {
        if (peers.get(i) instanceof Peer.Unknown) {
          if (found >= 0) {
            return -1;
          }
          found = i;
        }
      }
    }
    return found;
  }

  private void add(int number, int entry, int port, PlanRule cover, List<Line> lines) {
    for (Rectangle rectangle : cover.rectangles()) {
      lines.add(line(number, entry, port, rectangle, false));
    }
    for (Rectangle rectangle : cover.byName()) {
      lines.add(line(number, entry, port, rectangle, true));
    }
  }

  private Line line(int number, int entry, int port, Rectangle rectangle, boolean byName) {
    if (entry >= 0 && entries(number) > 0) {
      covering.set(firstEntry[number] + entry);
    }
    return new Line(
        number,
        entry,
        port,
        rectangle.targets(),
        rectangle.peers(),
        number(rectangle.traffic()),
        byName);
  }

  private int number(Traffic traffic) {
    Integer known = trafficNumbers.putIfAbsent(traffic, traffics.size());
    if (known == null) {
      traffics.add(traffic);
      return traffics.size() - 1;
    }
    return known;
  }

  private static PolicyRule with(PolicyRule rule, Peers peers, Ports ports) {
    return new PolicyRule(
        rule.direction(), rule.index(), rule.name(), rule.action(), peers, ports, rule.origin());
  }

  Plan plan() {
    return plan;
  }

  Direction direction() {
    return direction;
  }

  /** The rules that count in this direction, in order; a rule's number is its place. */
  List<PlanRule> rules() {
    return rules;
  }

  PlanRule rule(int number) {
    return rules.get(number);
  }

  /** The number of a rule's policy, its place in the cluster. */
  int policyOf(int rule) {
    return policyOf[rule];
  }

  Action action(int rule) {
    return actions[rule];
  }

  int firstEntry(int rule) {
    return firstEntry[rule];
  }

  /** How many entries of {@code from} or {@code to} a rule has; 0 for fewer than two. */
  int entries(int rule) {
    return firstEntry[rule + 1] - firstEntry[rule];
  }

  /** Whether an entry of {@code from} or {@code to} covers anything; for the only entry, whether the rule does. */
  boolean covers(int rule, int entry) {
    return entries(rule) == 0
        ? !rules.get(rule).rectangles().isEmpty()
        : covering.get(firstEntry[rule] + entry);
  }

  int firstPort(int rule) {
    return firstPort[rule];
  }

  /** How many entries of {@code ports} a rule has; 0 for fewer than two. */
  int ports(int rule) {
    return firstPort[rule + 1] - firstPort[rule];
  }

  /** What a rule's ports are, if it has several and all by number; else empty, and lines say it. */
  int[] portTraffic(int rule) {
    return portTraffic[rule];
  }

  int unknownEntry(int rule) {
    return unknownEntry[rule];
  }

  /** Lines of the Admin tier, then of the Baseline tier, in order. */
  List<Line> ordered() {
    return ordered;
  }

  /** Whether different policies of one tier and priority are among those of some ordered lines. */
  boolean haveOnePriority(int[] numbers) {
    for (int i = 1; i < numbers.length; i++) {
      Policy one = rule(ordered.get(numbers[i - 1]).rule()).policy();
      Policy other = rule(ordered.get(numbers[i]).rule()).policy();
      if (one != other && one.priority() == other.priority() && one.tier() == other.tier()) {
        return true;
      }
    }
    return false;
  }

  /** Lines of NetworkPolicies. */
  List<Line> networkPolicies() {
    return networkPolicies;
  }

  /** The traffic with a number. */
  Traffic traffic(int number) {
    return traffics.get(number);
  }

  int traffics() {
    return traffics.size();
  }
}
