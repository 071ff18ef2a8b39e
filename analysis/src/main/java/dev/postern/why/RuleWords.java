package dev.postern.why;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Options;
import dev.postern.meaning.PoliciesBySubject;
import dev.postern.net.AddressSet;
import dev.postern.policy.Direction;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says the first thing that keeps a rule from being about a flow. */
record RuleWords(Cluster cluster, Options options, Flow flow) {

  /** Empty if the rule is, or may be, about the flow. */
  Optional<Mismatch> miss(Policy policy, PolicyRule rule) {
    return peers(policy, rule).or(() -> ports(policy, rule));
  }

  End peer(Direction direction) {
    return direction == Direction.INGRESS ? flow.source() : flow.destination();
  }

  End subject(Direction direction) {
    return direction == Direction.INGRESS ? flow.destination() : flow.source();
  }

  /** The closest of the rule's peers. */
  Optional<Mismatch> peers(Policy policy, PolicyRule rule) {
    if (!(rule.peers() instanceof Peers.AnyOf any)) {
      return Optional.empty();
    }
    if (mayHold(policy, rule, peer(rule.direction()))) {
      return Optional.empty();
    }
    String field = rule.direction() == Direction.INGRESS ? "from" : "to";
    Optional<Mismatch> closest = Optional.empty();
    for (int i = 0; i < any.peers().size(); i++) {
      Optional<Mismatch> miss = any.peers()
          .get(i)
          .on(new PeerWords(
              cluster,
              options,
              policy.kind(),
              rule.action(),
              peer(rule.direction()),
              field + "[" + i + "]"));
      if (miss.isEmpty()) {
        return Optional.empty();
      }
      if (closest.isEmpty() || miss.get().closeness() > closest.get().closeness()) {
        closest = miss;
      }
    }
    return closest.or(() -> Optional.of(new Mismatch(field, "names nobody", Mismatch.KIND)));
  }

  /** Whether a rule's blocks, all together, hold a pod of which no address is known, or may. */
  private boolean mayHold(Policy policy, PolicyRule rule, End end) {
    AddressSet held = options.missingAddress().matching(rule.blocks());
    return !held.isEmpty()
        && end instanceof End.InPod pod
        && pod.address().isEmpty()
        && (options.blocksMatchPods(policy.kind())
            || options.areNode(pod.workload(), policy.kind()))
        && !held.intersect(options.missingAddress().possible(FamiliesInUse.of(cluster)))
            .isEmpty();
  }

  Optional<Mismatch> ports(Policy policy, PolicyRule rule) {
    if (!(rule.ports() instanceof Ports.AnyOf any)) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>();
    for (Ports.PortMatch match : any.matches()) {
      if (match instanceof Ports.Numbered numbered) {
        if (numbered.protocol() == flow.protocol() && numbered.ports().contains(flow.port())) {
          return Optional.empty();
        }
        words.add(
            numbered.protocol().word() + (numbered.ports().isAll() ? "" : "/" + numbered.ports()));
      } else {
        Optional<String> named = named(policy, (Ports.Named) match);
        if (named.isEmpty()) {
          return Optional.empty();
        }
        words.add(named.get());
      }
    }
    String has = words.isEmpty() ? "none" : words.stream().collect(Collectors.joining(", "));
    return Optional.of(new Mismatch(
        "ports",
        flow.protocol().hasPorts()
            ? "has " + has + ", not " + ExplanationNames.traffic(flow)
            : "let only " + has + " through; icmp passes where a rule has no ports",
        Mismatch.PORTS));
  }

  /** What a named port is on the destination; empty if it is the flow's. */
  private Optional<String> named(Policy policy, Ports.Named named) {
    String quoted = "`" + named.name() + "`";
    if (!(flow.destination() instanceof End.InPod pod)) {
      return Optional.of(quoted + " (a name, which only pods give to ports)");
    }
    Workload workload = pod.workload();
    if (options.areNode(workload, policy.kind())) {
      return Optional.of(quoted + " (a name, which a pod on the host network cannot give)");
    }
    List<ContainerPort> meant = workload.ports().stream()
        .filter(p -> p.name().equals(named.name()))
        .filter(p -> named.protocol().isEmpty() || named.protocol().get() == p.protocol())
        .toList();
    if (meant.stream()
        .anyMatch(p -> p.protocol() == flow.protocol() && p.number() == flow.port())) {
      return Optional.empty();
    }
    return Optional.of(quoted
        + (meant.isEmpty()
            ? " (" + workload.id() + " declares no "
                + named.protocol().map(p -> p.name() + " ").orElse("") + "port of that name)"
            : " ("
                + meant.stream()
                    .map(p -> p.protocol().word() + "/" + p.number())
                    .collect(Collectors.joining(", "))
                + " on " + workload.id() + ")"));
  }

  /** Whether a policy selects the subject, or may; in most cases the namespace says that it does not. */
  boolean selects(Policy policy, Direction direction) {
    return PoliciesBySubject.mayBeAbout(policy, subject(direction))
        && notSelected(policy, direction).isEmpty();
  }

  /** Why a policy does not select the subject; empty if it does. */
  Optional<String> notSelected(Policy policy, Direction direction) {
    return new PeerWords(
            cluster,
            options,
            policy.kind(),
            dev.postern.policy.Action.ALLOW,
            subject(direction),
            "")
        .pods(new dev.postern.policy.Peer.Pods(
            policy.subject().namespaces(), policy.subject().pods(), policy.origin()))
        .map(Mismatch::words);
  }
}
