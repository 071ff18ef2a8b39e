package dev.postern.testing;

import dev.postern.diagnostic.Origin;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Ports.PortMatch;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Policies of every kind over the names, labels, ports and addresses of a cluster, within what each kind's API can say. */
final class RandomPolicies {

  private static final List<String> DOMAINS =
      List.of("example.com", "*.example.com", "db.example.org");

  private final Profile profile;
  private final RandomInventory inventory;
  private final RandomAddresses addresses;
  private final List<Address> known;

  /**
   * @param known addresses of pods and nodes, which address peers should touch
   */
  RandomPolicies(Profile profile, RandomInventory inventory, List<Address> known) {
    this.profile = profile;
    this.inventory = inventory;
    this.addresses = new RandomAddresses(profile.familyList());
    this.known = known;
  }

  Policy policy(int index, PolicyKind kind, SeededRandom dice) {
    return kind == PolicyKind.NETWORK_POLICY
        ? networkPolicy(index, dice)
        : ordered(index, kind, dice);
  }

  private Policy networkPolicy(int index, SeededRandom dice) {
    String namespace = dice.pick(inventory.places());
    Set<Direction> isolates = dice.pick(List.of(
        EnumSet.of(Direction.INGRESS),
        EnumSet.of(Direction.EGRESS),
        EnumSet.allOf(Direction.class)));
    // What nobody writes, the rules say.
    boolean typesDefaulted = dice.percent(40);
    List<List<PolicyRule>> rules = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      // A section that policyTypes does not name is legal and does nothing.
      boolean written = isolates.contains(direction) || dice.percent(15);
      int count = written ? dice.between(0, profile.size().rules()) : 0;
      List<PolicyRule> own = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Peers peers = dice.percent(15)
            ? Peers.EVERYONE
            : new Peers.AnyOf(several(dice, () -> networkPolicyPeer(namespace, dice)));
        own.add(new PolicyRule(
            direction,
            i,
            "",
            Action.ALLOW,
            peers,
            ports(dice, () -> networkPolicyPort(dice)),
            Origin.NONE));
      }
      rules.add(own);
    }
    Subject subject =
        new Subject(new NamespaceSelection.Named(namespace), RandomSelectors.PODS.selector(dice));
    return new Policy(
        PolicyKind.NETWORK_POLICY,
        namespace,
        "np" + index,
        Tier.NETWORK_POLICY,
        0,
        subject,
        typesDefaulted ? Policy.defaultTypes(rules.get(1)) : isolates,
        rules.get(0),
        rules.get(1),
        Origin.NONE,
        typesDefaulted);
  }

  private Peer networkPolicyPeer(String namespace, SeededRandom dice) {
    if (profile.has(ClusterFeature.IP_BLOCKS) && dice.percent(35)) {
      Cidr cidr = addresses.cidr(dice, known);
      boolean cut = profile.has(ClusterFeature.EXCEPTS) && dice.percent(60);
      return new Peer.IpBlock(
          cidr, cut ? addresses.excepts(dice, cidr, known) : List.of(), Origin.NONE);
    }
    return switch (dice.between(0, 2)) {
      case 0 ->
        new Peer.Pods(
            new NamespaceSelection.Named(namespace),
            RandomSelectors.PODS.selector(dice),
            Origin.NONE);
      case 1 -> new Peer.Pods(matchingNamespaces(dice), Selector.EVERYTHING, Origin.NONE);
      default ->
        new Peer.Pods(matchingNamespaces(dice), RandomSelectors.PODS.selector(dice), Origin.NONE);
    };
  }

  private Policy ordered(int index, PolicyKind kind, SeededRandom dice) {
    Tier tier = switch (kind) {
      case BASELINE_ADMIN_NETWORK_POLICY -> Tier.BASELINE;
      case UNDETERMINED -> throw new IllegalArgumentException("no manifest holds it");
      case CLUSTER_NETWORK_POLICY -> dice.percent(60) ? Tier.ADMIN : Tier.BASELINE;
      default -> Tier.ADMIN;
    };
    boolean singleton = kind == PolicyKind.BASELINE_ADMIN_NETWORK_POLICY;
    int priority = singleton
        ? Policy.LAST
        // 7 and 1001 have no common factor: the first 1001 policies have different priorities.
        : profile.has(ClusterFeature.CONFLICTING_PRIORITIES)
            ? dice.pick(0, 1, 1, 5, 1000)
            : 7 * index % 1001;
    Subject subject = dice.percent(40)
        ? new Subject(matchingNamespaces(dice), Selector.EVERYTHING)
        : new Subject(matchingNamespaces(dice), RandomSelectors.PODS.selector(dice));
    return new Policy(
        kind,
        "",
        singleton ? "default" : (kind == PolicyKind.ADMIN_NETWORK_POLICY ? "anp" : "cnp") + index,
        tier,
        priority,
        subject,
        Set.of(),
        orderedRules(kind, Direction.INGRESS, dice),
        orderedRules(kind, Direction.EGRESS, dice),
        Origin.NONE);
  }

  private List<PolicyRule> orderedRules(PolicyKind kind, Direction direction, SeededRandom dice) {
    boolean mayPass =
        profile.has(ClusterFeature.PASS) && kind != PolicyKind.BASELINE_ADMIN_NETWORK_POLICY;
    List<Action> actions = mayPass ? List.of(Action.values()) : List.of(Action.ALLOW, Action.DENY);
    List<PolicyRule> rules = new ArrayList<>();
    int count = dice.between(0, profile.size().rules());
    for (int i = 0; i < count; i++) {
      Action action = dice.pick(actions);
      boolean mayName = profile.has(ClusterFeature.DOMAIN_NAMES)
          && kind != PolicyKind.BASELINE_ADMIN_NETWORK_POLICY
          && action == Action.ALLOW;
      List<Peer> peers = several(dice, () -> orderedPeer(direction, mayName, dice));
      boolean ofPods = peers.stream().allMatch(Peer.Pods.class::isInstance);
      Ports ports = ports(dice, () -> orderedPort(ofPods, dice));
      rules.add(new PolicyRule(
          direction,
          i,
          dice.percent(30) ? "rule-" + i : "",
          action,
          new Peers.AnyOf(peers),
          ports,
          Origin.NONE));
    }
    return rules;
  }

  private Peer orderedPeer(Direction direction, boolean mayName, SeededRandom dice) {
    int choice = dice.between(0, 99);
    if (choice < 5 && profile.has(ClusterFeature.UNKNOWN_PEERS)) {
      return new Peer.Unknown(Origin.NONE);
    }
    if (direction == Direction.EGRESS) {
      if (choice < 25 && profile.has(ClusterFeature.NETWORKS)) {
        List<Cidr> cidrs = new ArrayList<>();
        for (int i = dice.between(1, 3); i > 0; i--) {
          cidrs.add(addresses.cidr(dice, known));
        }
        return new Peer.Networks(cidrs.stream().distinct().toList(), Origin.NONE);
      }
      if (choice < 35 && profile.has(ClusterFeature.NODES)) {
        return new Peer.Nodes(RandomSelectors.NODES.selector(dice), Origin.NONE);
      }
      if (choice < 45 && mayName) {
        return new Peer.DomainNames(dice.some(dice.between(1, 2), DOMAINS), Origin.NONE);
      }
    }
    Selector pods = dice.percent(40) ? Selector.EVERYTHING : RandomSelectors.PODS.selector(dice);
    return new Peer.Pods(matchingNamespaces(dice), pods, Origin.NONE);
  }

  private NamespaceSelection matchingNamespaces(SeededRandom dice) {
    return new NamespaceSelection.Matching(RandomSelectors.ofNamespaces(dice, inventory.places()));
  }

  private List<Peer> several(SeededRandom dice, Supplier<Peer> peer) {
    List<Peer> peers = new ArrayList<>();
    int count =
        profile.has(ClusterFeature.UNWRITABLE) && dice.percent(10) ? 0 : dice.pick(1, 1, 1, 2, 3);
    for (int i = 0; i < count; i++) {
      peers.add(peer.get());
    }
    return peers;
  }

  private Ports ports(SeededRandom dice, Supplier<PortMatch> port) {
    if (dice.percent(50)) {
      return Ports.ALL;
    }
    List<PortMatch> matches = new ArrayList<>();
    int count =
        profile.has(ClusterFeature.UNWRITABLE) && dice.percent(10) ? 0 : dice.pick(1, 1, 1, 2, 3);
    for (int i = 0; i < count; i++) {
      matches.add(port.get());
    }
    return new Ports.AnyOf(matches);
  }

  private PortMatch networkPolicyPort(SeededRandom dice) {
    if (profile.has(ClusterFeature.NAMED_PORTS) && dice.percent(30)) {
      return new Ports.Named(
          Optional.of(inventory.protocol(dice)),
          dice.pick(RandomInventory.PORT_NAMES),
          Origin.NONE);
    }
    return numbered(dice);
  }

  /** The API forbids named ports where a peer is no pod. */
  private PortMatch orderedPort(boolean ofPods, SeededRandom dice) {
    if (ofPods && profile.has(ClusterFeature.NAMED_PORTS) && dice.percent(30)) {
      return new Ports.Named(Optional.empty(), dice.pick(RandomInventory.PORT_NAMES), Origin.NONE);
    }
    return numbered(dice);
  }

  private Ports.Numbered numbered(SeededRandom dice) {
    Protocol protocol = inventory.protocol(dice);
    int port = dice.pick(RandomInventory.PORT_NUMBERS);
    if (!profile.has(ClusterFeature.PORT_RANGES) || dice.percent(60)) {
      return new Ports.Numbered(protocol, PortSet.of(port), Origin.NONE);
    }
    if (dice.percent(25)) {
      return new Ports.Numbered(protocol, PortSet.ALL, Origin.NONE);
    }
    int last = Math.min(PortSet.MAX, port + dice.pick(0, 1, 2, 9, 1000));
    return new Ports.Numbered(protocol, PortSet.range(port, last), Origin.NONE);
  }
}
