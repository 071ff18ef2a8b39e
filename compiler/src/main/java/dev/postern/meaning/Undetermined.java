package dev.postern.meaning;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.diagnostic.Origin;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Says what the manifests leave open in the language of policies, so that all who judge come to <em>unknown</em> where it matters: policies
 * that were not understood, and labels of namespaces that no manifest declares. A policy that may do anything is one of kind {@link
 * PolicyKind#UNDETERMINED}: before all others it perhaps allows everybody, and else denies everybody. Of a primary network it is known that
 * pods of other networks do not reach it ({@link IsolatedNetwork}).
 */
public final class Undetermined {

  private final Cluster cluster;
  private final List<Namespace> undeclared;
  private final List<Policy> policies = new ArrayList<>();
  private final SortedSet<String> asked = new TreeSet<>();

  private Undetermined(Cluster cluster) {
    this.cluster = cluster;
    this.undeclared = cluster.namespaces().values().stream()
        .filter(namespace -> !namespace.declared())
        .toList();
  }

  /** The same cluster, with everything that is left open among its policies; itself if nothing is. */
  public static Cluster in(Cluster cluster) {
    Undetermined open = new Undetermined(cluster);
    boolean unread = cluster.unread().stream().anyMatch(UnreadPolicy::matters);
    boolean labels = !open.undeclared.isEmpty()
        && cluster.policies().stream().anyMatch(Undetermined::looksAtNamespaces);
    return unread || labels ? open.policies() : cluster;
  }

  /** The namespaces that no manifest declares and whose labels some policy asks for, by name. */
  public static List<String> namespaces(Cluster cluster) {
    Undetermined open = new Undetermined(cluster);
    if (open.undeclared.isEmpty()) {
      return List.of();
    }
    cluster.policies().stream().filter(Undetermined::looksAtNamespaces).forEach(open::add);
    cluster.unread().stream()
        .filter(unread -> unread.cause() == UnreadPolicy.Cause.NETWORK)
        .forEach(network -> open.add(IsolatedNetwork.policy(network)));
    return List.copyOf(open.asked);
  }

  private Cluster policies() {
    cluster.unread().stream()
        .filter(unread -> unread.cause() == UnreadPolicy.Cause.NETWORK)
        .forEach(network -> add(IsolatedNetwork.policy(network)));
    cluster.unread().stream()
        .filter(unread -> unread.matters() && unread.cause() != UnreadPolicy.Cause.NETWORK)
        .forEach(unread -> subjects(unread.subject())
            .forEach(subject -> open(
                Tier.ADMIN,
                unread.namespace(),
                unread.name(),
                subject,
                List.of(Direction.values()),
                Peers.EVERYONE,
                unread.origin())));
    cluster.policies().forEach(this::add);
    return cluster.withPolicies(policies);
  }

  /** A subject, and the pods of the namespaces of unknown labels that it may mean as well. */
  private List<Subject> subjects(Subject subject) {
    List<Subject> all = new ArrayList<>(List.of(subject));
    perhaps(subject.namespaces())
        .forEach(namespace ->
            all.add(new Subject(new NamespaceSelection.Named(namespace.name()), subject.pods())));
    return all;
  }

  private static boolean looksAtNamespaces(Policy policy) {
    return policy.subject().namespaces() instanceof NamespaceSelection.Matching
        || List.of(Direction.values()).stream()
            .flatMap(direction -> policy.rules(direction).stream())
            .anyMatch(rule -> rule.peers() instanceof Peers.AnyOf any
                && any.peers().stream()
                    .anyMatch(peer -> peer instanceof Peer.Pods pods
                        && pods.namespaces() instanceof NamespaceSelection.Matching));
  }

  // --- labels of namespaces that no manifest declares

  private void add(Policy policy) {
    List<Namespace> perhaps = perhaps(policy.subject().namespaces());
    Subject subject = perhaps.isEmpty()
        ? policy.subject()
        : new Subject(
            without(policy.subject().namespaces(), perhaps), policy.subject().pods());
    for (Namespace namespace : perhaps) {
      Subject there = new Subject(
          new NamespaceSelection.Named(namespace.name()), policy.subject().pods());
      open(policy, there, List.of(Direction.values()), Peers.EVERYONE);
    }
    Map<Direction, List<PolicyRule>> rules = new EnumMap<>(Direction.class);
    for (Direction direction : Direction.values()) {
      rules.put(
          direction,
          policy.rules(direction).stream()
              .map(rule -> rule(policy, subject, rule))
              .toList());
    }
    boolean same = perhaps.isEmpty()
        && rules.equals(
            Map.of(Direction.INGRESS, policy.ingress(), Direction.EGRESS, policy.egress()));
    policies.add(
        same
            ? policy
            : new Policy(
                policy.kind(),
                policy.namespace(),
                policy.name(),
                policy.tier(),
                policy.priority(),
                subject,
                policy.isolates(),
                rules.getOrDefault(Direction.INGRESS, List.of()),
                rules.getOrDefault(Direction.EGRESS, List.of()),
                policy.origin()));
  }

  /** A NetworkPolicy's rule only adds, so perhaps it adds more; what an ordered rule does to peers that it may mean is open. */
  private PolicyRule rule(Policy policy, Subject subject, PolicyRule rule) {
    if (!(rule.peers() instanceof Peers.AnyOf any)) {
      return rule;
    }
    List<Peer> certain = new ArrayList<>();
    List<Peer> open = new ArrayList<>();
    for (Peer peer : any.peers()) {
      List<Namespace> perhaps =
          peer instanceof Peer.Pods pods ? perhaps(pods.namespaces()) : List.of();
      if (perhaps.isEmpty()) {
        certain.add(peer);
        continue;
      }
      Peer.Pods pods = (Peer.Pods) peer;
      certain.add(new Peer.Pods(without(pods.namespaces(), perhaps), pods.pods(), pods.origin()));
      perhaps.forEach(namespace -> open.add(new Peer.Pods(
          new NamespaceSelection.Named(namespace.name()), pods.pods(), pods.origin())));
    }
    if (open.isEmpty()) {
      return rule;
    }
    Peers whom = new Peers.AnyOf(open);
    if (policy.tier() == Tier.NETWORK_POLICY) {
      certain.add(new Peer.Perhaps(whom, rule.origin()));
    } else {
      open(policy, subject, List.of(rule.direction()), whom);
    }
    return new PolicyRule(
        rule.direction(),
        rule.index(),
        rule.name(),
        rule.action(),
        new Peers.AnyOf(certain),
        rule.ports(),
        rule.origin());
  }

  /** The namespaces of unknown labels that a selection may mean; one that asks for the name alone is certain. */
  private List<Namespace> perhaps(NamespaceSelection selection) {
    if (!(selection instanceof NamespaceSelection.Matching matching)) {
      return List.of();
    }
    List<Requirement> byName = matching.selector().requirements().stream()
        .filter(requirement -> requirement.key().equals(Namespace.NAME_LABEL))
        .toList();
    if (byName.size() == matching.selector().requirements().size()) {
      return List.of();
    }
    Selector name = new Selector(byName);
    List<Namespace> perhaps = undeclared.stream()
        .filter(namespace -> name.matches(namespace.labels()))
        .toList();
    perhaps.forEach(namespace -> asked.add(namespace.name()));
    return perhaps;
  }

  private static NamespaceSelection without(
      NamespaceSelection selection, List<Namespace> namespaces) {
    List<Requirement> all =
        new ArrayList<>(((NamespaceSelection.Matching) selection).selector().requirements());
    List<String> names = namespaces.stream().map(Namespace::name).toList();
    all.add(new Requirement(Namespace.NAME_LABEL, Operator.NOT_IN, names));
    return new NamespaceSelection.Matching(new Selector(all));
  }

  // --- policies that may do anything

  private void open(Policy policy, Subject subject, List<Direction> directions, Peers whom) {
    open(
        policy.tier(),
        policy.namespace(),
        policy.name(),
        subject,
        directions,
        whom,
        policy.origin());
  }

  private void open(
      Tier tier,
      String namespace,
      String name,
      Subject subject,
      List<Direction> directions,
      Peers whom,
      Origin origin) {
    Map<Direction, List<PolicyRule>> rules = new EnumMap<>(Direction.class);
    for (Direction direction : directions) {
      Peers perhaps = new Peers.AnyOf(List.of(new Peer.Perhaps(whom, origin)));
      rules.put(
          direction,
          List.of(
              new PolicyRule(direction, 0, "", Action.ALLOW, perhaps, Ports.ALL, origin),
              new PolicyRule(direction, 1, "", Action.DENY, whom, Ports.ALL, origin)));
    }
    policies.add(new Policy(
        PolicyKind.UNDETERMINED,
        namespace,
        name,
        tier,
        Policy.FIRST,
        subject,
        Set.of(),
        rules.getOrDefault(Direction.INGRESS, List.of()),
        rules.getOrDefault(Direction.EGRESS, List.of()),
        origin));
  }
}
