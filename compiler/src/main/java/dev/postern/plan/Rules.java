package dev.postern.plan;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Rectangle;
import dev.postern.meaning.Options;
import dev.postern.net.AddressSet;
import dev.postern.net.Traffic;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns the rules of policies into rectangles over classes. */
final class Rules {

  private final Classification classification;
  private final Classes classes;
  private final Options options;

  Rules(Classification classification, Options options) {
    this.classification = classification;
    this.classes = classification.classes();
    this.options = options;
  }

  /** What sorts endpoints into the classes. */
  Classification classification() {
    return classification;
  }

  ClassSet targets(Policy policy) {
    return classification.pods(
        policy.kind(), policy.subject().namespaces(), policy.subject().pods());
  }

  /** All rules of a policy: into its targets, then out of them. */
  PlanRule[] rules(Policy policy, ClassSet targets) {
    List<PlanRule> rules = new ArrayList<>(2);
    for (PolicyRule rule : policy.rules()) {
      rules.add(rule(policy, rule, targets));
    }
    return rules.toArray(PlanRule[]::new);
  }

  PlanRule rule(Policy policy, PolicyRule rule, ClassSet targets) {
    Action action =
        rule.hasUnknownPeer() && rule.action() == Action.PASS ? Action.DENY : rule.action();
    return new PlanRule(
        policy,
        rule,
        action,
        rectangles(policy, rule, targets, peers(policy, rule)),
        rectangles(policy, rule, targets, perhaps(policy, rule)),
        byPlace(policy, rule, targets));
  }

  /** What it covers of pods whose address or node is not known, should they be there. */
  private List<PlanRule.InPlace> byPlace(Policy policy, PolicyRule rule, ClassSet targets) {
    ClassSet withoutAddress = withoutAddress(policy);
    AddressSet addresses = withoutAddress.isEmpty()
        ? AddressSet.EMPTY
        : options.missingAddress().matching(rule.blocks());
    Set<Selector> nodes = nodes(rule);
    List<PlanRule.InPlace> places = new ArrayList<>(0);
    if (!addresses.isEmpty() && !addresses.containsAll(AddressSet.ALL)) {
      PeerPlace place = new PeerPlace(addresses, Set.of());
      rectangles(policy, rule, targets, withoutAddress)
          .forEach(rectangle -> places.add(new PlanRule.InPlace(rectangle, place)));
    }
    if (!nodes.isEmpty()) {
      PeerPlace place = new PeerPlace(AddressSet.EMPTY, nodes);
      rectangles(policy, rule, targets, classification.withoutNode())
          .forEach(rectangle -> places.add(new PlanRule.InPlace(rectangle, place)));
    }
    return places;
  }

  /** The pods without a known address that a policy's blocks may match. */
  private ClassSet withoutAddress(Policy policy) {
    return classification.withoutAddress(options.blocksMatchPods(policy.kind()));
  }

  private static Set<Selector> nodes(PolicyRule rule) {
    return rule.peers() instanceof Peers.AnyOf any
        ? any.peers().stream()
            .filter(Peer.Nodes.class::isInstance)
            .map(peer -> ((Peer.Nodes) peer).nodes())
            .collect(Collectors.toSet())
        : Set.of();
  }

  /** Who is perhaps a peer: an address outside of a DNS name, and whom the rule itself says so of. */
  private ClassSet perhaps(Policy policy, PolicyRule rule) {
    ClassSet perhaps = ClassSet.EMPTY;
    if (rule.peers() instanceof Peers.AnyOf any) {
      for (Peer peer : any.peers()) {
        if (peer instanceof Peer.DomainNames) {
          perhaps = perhaps.union(classes.outsiders());
        } else if (peer instanceof Peer.Perhaps maybe) {
          perhaps = perhaps.union(peers(policy, rule, maybe.whom()));
        }
      }
    }
    return perhaps;
  }

  private ClassSet peers(Policy policy, PolicyRule rule) {
    return peers(policy, rule, rule.peers()).union(matchedAnywhere(policy, rule));
  }

  /** The pods without a known address, if the rule's blocks leave out none that they could have. */
  ClassSet matchedAnywhere(Policy policy, PolicyRule rule) {
    ClassSet withoutAddress = withoutAddress(policy);
    return !withoutAddress.isEmpty() && rule.blocks().containsAll(AddressSet.ALL)
        ? withoutAddress
        : ClassSet.EMPTY;
  }

  private ClassSet peers(Policy policy, PolicyRule rule, Peers peers) {
    if (!(peers instanceof Peers.AnyOf any)) {
      return classes.everyone();
    }
    Peer.Cases<ClassSet> matched = new Matched(policy, rule);
    List<ClassSet> sets = new ArrayList<>(any.peers().size());
    for (Peer peer : any.peers()) {
      sets.add(peer.on(matched));
    }
    return ClassSet.union(sets);
  }

  ClassSet matched(Policy policy, PolicyRule rule, Peer peer) {
    return peer.on(new Matched(policy, rule));
  }

  /** The classes that each kind of peer matches. */
  private final class Matched implements Peer.Cases<ClassSet> {
    private final Policy policy;
    private final PolicyRule rule;

    Matched(Policy policy, PolicyRule rule) {
      this.policy = policy;
      this.rule = rule;
    }

    @Override
    public ClassSet pods(Peer.Pods peer) {
      return classification.pods(policy.kind(), peer.namespaces(), peer.pods());
    }

    @Override
    public ClassSet ipBlock(Peer.IpBlock peer) {
      return classification.addresses(peer.addresses(), options.ipBlockMatchesPods());
    }

    @Override
    public ClassSet networks(Peer.Networks peer) {
      return classification.addresses(peer.addresses(), true);
    }

    @Override
    public ClassSet nodes(Peer.Nodes peer) {
      return classification.nodes(peer.nodes());
    }

    @Override
    public ClassSet domainNames(Peer.DomainNames peer) {
      return ClassSet.EMPTY;
    }

    @Override
    public ClassSet unknown(Peer.Unknown peer) {
      return rule.action() == Action.ALLOW ? ClassSet.EMPTY : classes.everyone();
    }

    @Override
    public ClassSet perhaps(Peer.Perhaps peer) {
      return ClassSet.EMPTY;
    }
  }

  private List<Rectangle> rectangles(
      Policy policy, PolicyRule rule, ClassSet targets, ClassSet peers) {
    if (targets.isEmpty() || peers.isEmpty()) {
      return List.of();
    }
    Traffic numbered = numbered(rule.ports());
    List<Ports.Named> names = names(rule.ports());
    List<Rectangle> rectangles = new ArrayList<>();
    if (names.isEmpty()) {
      rectangles.add(new Rectangle(targets, peers, numbered));
    } else {
      boolean ingress = rule.direction() == Direction.INGRESS;
      Map<Traffic, ClassSet.Builder> destinations = new LinkedHashMap<>();
      (ingress ? targets : peers).forEach(number -> {
        Traffic traffic = numbered;
        for (Ports.Named name : names) {
          traffic = traffic.union(classification.named(policy.kind(), name, number));
        }
        destinations.computeIfAbsent(traffic, t -> new ClassSet.Builder()).add(number);
      });
      destinations.forEach((traffic, builder) -> {
        ClassSet group = builder.build();
        rectangles.add(
            ingress
                ? new Rectangle(group, peers, traffic)
                : new Rectangle(targets, group, traffic));
      });
    }
    rectangles.removeIf(Rectangle::isEmpty);
    return rectangles;
  }

  private static Traffic numbered(Ports ports) {
    if (!(ports instanceof Ports.AnyOf any)) {
      return Traffic.ALL;
    }
    Traffic traffic = Traffic.NONE;
    for (Ports.PortMatch match : any.matches()) {
      if (match instanceof Ports.Numbered numbered) {
        traffic = traffic.union(Traffic.of(numbered.protocol(), numbered.ports()));
      }
    }
    return traffic;
  }

  private static List<Ports.Named> names(Ports ports) {
    List<Ports.Named> names = new ArrayList<>(0);
    if (ports instanceof Ports.AnyOf any) {
      for (Ports.PortMatch match : any.matches()) {
        if (match instanceof Ports.Named named) {
          names.add(named);
        }
      }
    }
    return names;
  }
}
