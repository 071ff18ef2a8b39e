package dev.postern.why;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Decision;
import dev.postern.meaning.Decision.Cause;
import dev.postern.meaning.End;
import dev.postern.meaning.Judgement;
import dev.postern.net.Cidr;
import dev.postern.net.PortSet;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Edits that might turn what one side decides, the closest first: from a port more to a rule less. None of them is tried here. */
final class CandidateEdits {

  private final Cluster cluster;
  private final Judgement judgement;
  private final RuleWords words;
  private final Optional<Cidr> block;

  /**
   * Ideas for a judged flow.
   *
   * @param words about the flow in the cluster as it was written
   * @param block what the flow's end outside stands for, if it stands for more than its address
   */
  CandidateEdits(RuleWords words, Judgement judgement, Optional<Cidr> block) {
    this.words = words;
    this.cluster = words.cluster();
    this.judgement = judgement;
    this.block = block;
  }

  /**
   * What might make a side allow the flow.
   *
   * @param side what it decides after the edits
   * @param made the edits
   */
  List<Edit> allowing(Side side, Edits made) {
    List<Edit> ideas = new ArrayList<>();
    Direction direction = side.decision().direction();
    List<Side.Candidate> closest = side.candidates().stream()
        .flatMap(candidate -> written(candidate, made).stream())
        .sorted(Comparator.comparingInt(candidate -> -candidate.mismatch().closeness()))
        .toList();
    for (Side.Candidate candidate : closest) {
      if (candidate.mismatch().closeness() == Mismatch.PORTS) {
        ideas.add(morePorts(candidate));
      }
    }
    for (Side.Candidate candidate : closest) {
      if (candidate.mismatch().closeness() < Mismatch.PORTS
          && words.ports(candidate.policy(), candidate.rule()).isEmpty()) {
        morePeers(candidate).ifPresent(ideas::add);
      }
    }
    if (side.decision().tier().filter(Tier.NETWORK_POLICY::equals).isPresent()) {
      isolating(side)
          .forEach(policy ->
              anotherRule(policy, direction, policy.rules(direction).size()).ifPresent(ideas::add));
      return ideas;
    }
    for (Cause cause : side.decision().causes()) {
      Policy policy = written(cause.policy());
      cause
          .rule()
          // Policies of one priority may disagree; an edit of the rule that allows brings nothing.
          .filter(rule -> rule.action() != Action.ALLOW)
          .flatMap(rule -> made.written(policy, direction, rule.index()))
          .ifPresent(rule -> {
            anotherRule(policy, direction, rule.index()).ifPresent(ideas::add);
            ideas.add(without(policy, rule));
          });
    }
    return ideas;
  }

  /** A candidate in the places where it was written; none if an edit wrote or changes it. */
  private Optional<Side.Candidate> written(Side.Candidate candidate, Edits made) {
    Policy policy = written(candidate.policy());
    PolicyRule rule = candidate.rule();
    return made.written(policy, rule.direction(), rule.index())
        .filter(here -> !made.changes(policy, here))
        .map(here -> new Side.Candidate(policy, here, candidate.mismatch()));
  }

  private Policy written(Policy edited) {
    return cluster.policies().stream()
        .filter(policy -> Edit.isSame(policy, edited))
        .findFirst()
        .orElse(edited);
  }

  /** What might make a side deny the flow. */
  List<Edit> denying(Decision decision, Edits made) {
    List<Edit> ideas = new ArrayList<>();
    Direction direction = decision.direction();
    for (Cause cause : decision.causes()) {
      Policy policy = written(cause.policy());
      cause
          .rule()
          .filter(rule -> rule.action() == Action.ALLOW)
          .flatMap(rule -> made.written(policy, direction, rule.index()))
          .ifPresent(rule -> ideas.add(without(policy, rule)));
    }
    List<Policy> ended = made.endingIsolation(cluster, direction);
    for (Policy policy : ended) {
      ideas.add(Edit.writeTypes(
          "write `" + policy.typesText() + "` into " + name(policy), policy, direction));
    }
    // Another policy in the place of one that ceased to isolate would leave the pods open in
    // between.
    if (ended.isEmpty()
        && words.subject(direction) instanceof End.InPod pod
        && decision.tier().isEmpty()) {
      ideas.add(isolating(pod, direction));
    }
    return ideas;
  }

  /** The isolating policies, the most particular first; none that selects all that another selects, and more. */
  private List<Policy> isolating(Side side) {
    List<Policy> all = side.decision().causes().stream()
        .map(Cause::policy)
        .filter(policy -> policy.kind() == PolicyKind.NETWORK_POLICY)
        .map(this::written)
        .distinct()
        .sorted(Comparator.comparingInt(
            (Policy policy) -> -policy.subject().pods().requirements().size()))
        .toList();
    List<Policy> particular = new ArrayList<>();
    for (Policy policy : all) {
      Set<String> own = selected(policy);
      if (all.stream().noneMatch(other -> other != policy && isPart(selected(other), own))
          && particular.stream().noneMatch(other -> selected(other).equals(own))) {
        particular.add(policy);
      }
    }
    return particular;
  }

  private static boolean isPart(Set<String> some, Set<String> all) {
    return some.size() < all.size() && all.containsAll(some);
  }

  private Set<String> selected(Policy policy) {
    return cluster.workloads().stream()
        .filter(workload -> workload.namespace().equals(policy.namespace())
            && policy.subject().pods().matches(workload.labels()))
        .map(Workload::id)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private Edit morePorts(Side.Candidate candidate) {
    PolicyRule rule = candidate.rule();
    if (!judgement.flow().protocol().hasPorts()) {
      return Edit.replace(
          "remove `" + candidate.policy().kind().portsField() + "` from "
              + place(candidate.policy(), rule),
          candidate.policy(),
          Edit.with(rule, rule.peers(), Ports.ALL));
    }
    List<Ports.PortMatch> matches = new ArrayList<>(((Ports.AnyOf) rule.ports()).matches());
    matches.add(port(rule));
    return Edit.replace(
        "add `" + portYaml(candidate.policy()) + "` to `"
            + candidate.policy().kind().portsField()
            + "` of " + place(candidate.policy(), rule),
        candidate.policy(),
        Edit.with(rule, rule.peers(), new Ports.AnyOf(matches)));
  }

  private Ports.Numbered port(PolicyRule rule) {
    return new Ports.Numbered(
        judgement.flow().protocol(), PortSet.of(judgement.flow().port()), rule.origin());
  }

  private String portYaml(Policy policy) {
    String protocol = judgement.flow().protocol().name();
    int port = judgement.flow().port();
    return switch (policy.kind()) {
      case NETWORK_POLICY ->
        protocol.equals("TCP")
            ? "{port: " + port + "}"
            : "{protocol: " + protocol + ", port: " + port + "}";
      case ADMIN_NETWORK_POLICY, BASELINE_ADMIN_NETWORK_POLICY ->
        "{portNumber: {protocol: " + protocol + ", port: " + port + "}}";
      case CLUSTER_NETWORK_POLICY ->
        "{" + judgement.flow().protocol().word() + ": {destinationPort: {number: " + port + "}}}";
      case UNDETERMINED -> throw unwritten(policy);
    };
  }

  private static IllegalArgumentException unwritten(Policy policy) {
    return new IllegalArgumentException("no manifest holds " + policy);
  }

  private Optional<Edit> morePeers(Side.Candidate candidate) {
    PolicyRule rule = candidate.rule();
    return PeerText.naming(
            words.peer(rule.direction()), rule.direction(), block, candidate.policy(), cluster)
        .map(peer -> {
          List<Peer> peers = new ArrayList<>(((Peers.AnyOf) rule.peers()).peers());
          peers.add(peer.peer());
          return Edit.replace(
              "add `" + peer.yaml() + "` to `" + field(rule.direction()) + "` of "
                  + place(candidate.policy(), rule),
              candidate.policy(),
              Edit.with(rule, new Peers.AnyOf(peers), rule.ports()));
        });
  }

  private static String field(Direction direction) {
    return direction == Direction.INGRESS ? "from" : "to";
  }

  /** A rule of its own for this flow, before the one at the index. */
  private Optional<Edit> anotherRule(Policy policy, Direction direction, int index) {
    End peer = words.peer(direction);
    return PeerText.naming(peer, direction, block, policy, cluster).map(named -> {
      boolean ports = judgement.flow().protocol().hasPorts();
      PolicyRule rule = new PolicyRule(
          direction,
          index,
          "",
          Action.ALLOW,
          new Peers.AnyOf(List.of(named.peer())),
          Ports.ALL,
          policy.origin());
      PolicyRule narrow =
          ports ? Edit.with(rule, rule.peers(), new Ports.AnyOf(List.of(port(rule)))) : rule;
      String action = switch (policy.kind()) {
        case NETWORK_POLICY -> "";
        case ADMIN_NETWORK_POLICY, BASELINE_ADMIN_NETWORK_POLICY -> "action: Allow, ";
        case CLUSTER_NETWORK_POLICY -> "action: Accept, ";
        case UNDETERMINED -> throw unwritten(policy);
      };
      String portsField = policy.kind().portsField();
      String where = policy.tier() == Tier.NETWORK_POLICY
          ? "`" + direction.field() + "` of " + name(policy)
          : name(policy) + " before " + direction.field() + "[" + index + "]";
      return Edit.insert(
          "add `{" + action + field(direction) + ": [" + named.yaml() + "]"
              + (ports ? ", " + portsField + ": [" + portYaml(policy) + "]" : "") + "}` to "
              + where,
          policy,
          narrow);
    });
  }

  private Edit without(Policy policy, PolicyRule rule) {
    return Edit.remove("remove " + place(policy, rule), policy, rule);
  }

  private static Edit isolating(End.InPod pod, Direction direction) {
    String type = direction == Direction.INGRESS ? "Ingress" : "Egress";
    return Edit.isolate(
        "add a NetworkPolicy to namespace " + pod.workload().namespace() + " that selects "
            + pod.workload().id() + " and has `policyTypes: [" + type + "]`",
        pod.workload(),
        direction);
  }

  private static String name(Policy policy) {
    String place = policy.origin().toString();
    return policy.id() + (place.isEmpty() ? "" : " (" + place + ")");
  }

  private static String place(Policy policy, PolicyRule rule) {
    String place = rule.origin().toString();
    return policy.id() + " " + rule.field() + (place.isEmpty() ? "" : " (" + place + ")");
  }
}
