package dev.postern.verify.why;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.Decision;
import dev.postern.meaning.Decision.Cause;
import dev.postern.meaning.End;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Reference;
import dev.postern.meaning.Verdict;
import dev.postern.net.Cidr;
import dev.postern.net.PortSet;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Tier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks for the smallest change that turns a verdict: from a port more to a rule more; each is tried on the definition. */
final class Changes {

  private final RuleWords words;
  private final Judgement judgement;
  private final List<Side> sides;
  private final Optional<Cidr> block;

  /**
   * Changes to a judged flow.
   *
   * @param block what the flow's end outside stands for, if it stands for more than its address
   */
  Changes(RuleWords words, Judgement judgement, Side egress, Side ingress, Optional<Cidr> block) {
    this.block = block;
    this.words = words;
    this.judgement = judgement;
    this.sides = List.of(egress, ingress);
  }

  /** An edit that was not tried yet. */
  private record Idea(String step, Edit edit) {}

  Optional<Change> smallest() {
    if (judgement.exemption() != Judgement.Exemption.NONE) {
      return Optional.empty();
    }
    return switch (judgement.verdict()) {
      case DENIED -> toAllow();
      case ALLOWED -> toDeny();
      case UNKNOWN -> Optional.empty();
    };
  }

  private Optional<Change> toAllow() {
    List<String> steps = new ArrayList<>();
    Cluster cluster = words.cluster();
    for (Side side : sides) {
      if (!side.denies()) {
        continue;
      }
      boolean found = false;
      for (Idea idea : allowing(side)) {
        Cluster edited = idea.edit.on(cluster);
        if (decision(judge(edited), side.decision().direction()).verdict() == Verdict.ALLOWED) {
          steps.add(idea.step);
          cluster = edited;
          found = true;
          break;
        }
      }
      if (!found) {
        return Optional.empty();
      }
    }
    return judge(cluster).verdict() == Verdict.ALLOWED
        ? Optional.of(new Change(steps, Verdict.ALLOWED, cluster))
        : Optional.empty();
  }

  private Judgement judge(Cluster cluster) {
    return new Reference(cluster, words.options()).judge(judgement.flow());
  }

  private static Decision decision(Judgement judgement, Direction direction) {
    return direction == Direction.EGRESS ? judgement.egress() : judgement.ingress();
  }

  private List<Idea> allowing(Side side) {
    List<Idea> ideas = new ArrayList<>();
    Direction direction = side.decision().direction();
    List<Side.Candidate> closest = side.candidates().stream()
        .sorted(Comparator.comparingInt((Side.Candidate c) -> -c.mismatch().closeness()))
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
    } else {
      for (Cause cause : side.decision().causes()) {
        cause.rule().ifPresent(rule -> {
          anotherRule(cause.policy(), direction, rule.index()).ifPresent(ideas::add);
          ideas.add(without(cause.policy(), rule));
        });
      }
    }
    return ideas;
  }

  /** The isolating policies, the most particular first. */
  private static List<Policy> isolating(Side side) {
    return side.decision().causes().stream()
        .map(Cause::policy)
        .filter(policy -> policy.kind() == PolicyKind.NETWORK_POLICY)
        .distinct()
        .sorted(Comparator.comparingInt(
            (Policy policy) -> -policy.subject().pods().requirements().size()))
        .toList();
  }

  private Idea morePorts(Side.Candidate candidate) {
    PolicyRule rule = candidate.rule();
    if (!judgement.flow().protocol().hasPorts()) {
      return new Idea(
          "remove `ports` from " + place(candidate.policy(), rule),
          Edit.replace(candidate.policy(), rule, Edit.with(rule, rule.peers(), Ports.ALL)));
    }
    List<Ports.PortMatch> matches = new ArrayList<>(((Ports.AnyOf) rule.ports()).matches());
    matches.add(port(rule));
    return new Idea(
        "add `" + portYaml(candidate.policy()) + "` to `"
            + (candidate.policy().kind() == PolicyKind.CLUSTER_NETWORK_POLICY
                ? "protocols"
                : "ports")
            + "` of " + place(candidate.policy(), rule),
        Edit.replace(
            candidate.policy(), rule, Edit.with(rule, rule.peers(), new Ports.AnyOf(matches))));
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
    };
  }

  private Optional<Idea> morePeers(Side.Candidate candidate) {
    PolicyRule rule = candidate.rule();
    return PeerText.naming(
            words.peer(rule.direction()),
            rule.direction(),
            block,
            candidate.policy(),
            words.cluster())
        .map(peer -> {
          List<dev.postern.policy.Peer> peers =
              new ArrayList<>(((Peers.AnyOf) rule.peers()).peers());
          peers.add(peer.peer());
          return new Idea(
              "add `" + peer.yaml() + "` to `" + field(rule.direction()) + "` of "
                  + place(candidate.policy(), rule),
              Edit.replace(
                  candidate.policy(), rule, Edit.with(rule, new Peers.AnyOf(peers), rule.ports())));
        });
  }

  private static String field(Direction direction) {
    return direction == Direction.INGRESS ? "from" : "to";
  }

  /** A rule of its own for this flow, before the one at the index. */
  private Optional<Idea> anotherRule(Policy policy, Direction direction, int index) {
    End peer = words.peer(direction);
    return PeerText.naming(peer, direction, block, policy, words.cluster()).map(named -> {
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
      };
      String portsField =
          policy.kind() == PolicyKind.CLUSTER_NETWORK_POLICY ? "protocols" : "ports";
      String where = policy.tier() == Tier.NETWORK_POLICY
          ? "`" + direction.field() + "` of " + name(policy)
          : name(policy) + " before " + direction.field() + "[" + index + "]";
      return new Idea(
          "add `{" + action + field(direction) + ": [" + named.yaml() + "]"
              + (ports ? ", " + portsField + ": [" + portYaml(policy) + "]" : "") + "}` to "
              + where,
          Edit.insert(policy, narrow));
    });
  }

  private Idea without(Policy policy, PolicyRule rule) {
    return new Idea("remove " + place(policy, rule), Edit.remove(policy, rule));
  }

  private Optional<Change> toDeny() {
    List<Idea> ideas = new ArrayList<>();
    for (Side side : List.of(sides.get(1), sides.get(0))) {
      List<Cause> allowing = side.decision().causes().stream()
          .filter(cause -> cause.rule().filter(r -> r.action() == Action.ALLOW).isPresent())
          .toList();
      if (allowing.size() == 1) {
        ideas.add(without(allowing.get(0).policy(), allowing.get(0).rule().orElseThrow()));
      }
    }
    for (Side side : List.of(sides.get(1), sides.get(0))) {
      if (words.subject(side.decision().direction()) instanceof End.InPod pod
          && side.decision().tier().isEmpty()) {
        ideas.add(isolating(pod, side.decision().direction()));
      }
    }
    for (Idea idea : ideas) {
      Cluster edited = idea.edit.on(words.cluster());
      if (judge(edited).verdict() == Verdict.DENIED) {
        return Optional.of(new Change(List.of(idea.step), Verdict.DENIED, edited));
      }
    }
    return Optional.empty();
  }

  private Idea isolating(End.InPod pod, Direction direction) {
    String type = direction == Direction.INGRESS ? "Ingress" : "Egress";
    return new Idea(
        "add a NetworkPolicy to namespace " + pod.workload().namespace() + " that selects "
            + pod.workload().id() + " and has `policyTypes: [" + type + "]`",
        Edit.isolate(pod.workload(), direction));
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
