package dev.postern.why;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Workload;
import dev.postern.cluster.WorkloadSelectors;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A peer that would name an end, as a value and as YAML.
 *
 * @param peer the peer
 * @param yaml how a manifest writes it, in flow style
 */
record PeerText(Peer peer, String yaml) {

  /**
   * Empty if nothing can name the end: a DNS name, a pod on the host network without address, an address that calls into an admin
   * policy's subject (such policies have {@code networks} for egress only).
   *
   * @param block what an address outside stands for, if it stands for more than itself
   */
  static Optional<PeerText> naming(
      End end, Direction direction, Optional<Cidr> block, Policy policy, Cluster cluster) {
    if (end instanceof End.InPod pod && !pod.workload().hostNetwork()) {
      return Optional.of(pods(pod.workload(), policy, cluster));
    }
    Optional<Address> address = end instanceof End.InPod pod
        ? pod.address()
        : end instanceof End.Outside outside ? Optional.of(outside.address()) : Optional.empty();
    return address
        .filter(a -> policy.kind() == PolicyKind.NETWORK_POLICY || direction == Direction.EGRESS)
        .map(a -> block.filter(b -> b.contains(a)).orElse(Cidr.of(a)))
        .map(cidr -> policy.kind() == PolicyKind.NETWORK_POLICY
            ? new PeerText(
                new Peer.IpBlock(cidr, List.of(), policy.origin()),
                "{ipBlock: {cidr: \"" + cidr + "\"}}")
            : new PeerText(
                new Peer.Networks(List.of(cidr), policy.origin()),
                "{networks: [\"" + cidr + "\"]}"));
  }

  private static PeerText pods(Workload workload, Policy policy, Cluster cluster) {
    Selector selector = selector(workload, cluster);
    String pods = "podSelector: " + yaml(selector);
    boolean own = policy.namespace().equals(workload.namespace());
    NamespaceSelection namespaces = own
        ? new NamespaceSelection.Named(workload.namespace())
        : new NamespaceSelection.Matching(
            Selector.equal(Namespace.NAME_LABEL, workload.namespace()));
    String both = own
        ? "{" + pods + "}"
        : "{namespaceSelector: " + yaml(Selector.equal(Namespace.NAME_LABEL, workload.namespace()))
            + ", " + pods + "}";
    return new PeerText(
        new Peer.Pods(namespaces, selector, policy.origin()),
        policy.kind() == PolicyKind.NETWORK_POLICY ? both : "{pods: " + both + "}");
  }

  /** The fewest labels that tell the workload's pods from all others of their namespace, as far as labels do. */
  private static Selector selector(Workload workload, Cluster cluster) {
    List<Workload> alternatives = cluster.workloads().stream()
        .filter(other -> other.namespace().equals(workload.namespace()))
        .toList();
    return WorkloadSelectors.among(alternatives)
        .choose(workload)
        .map(WorkloadSelectors.Chosen::selector)
        .orElseGet(() -> all(workload.labels()));
  }

  private static Selector all(Labels labels) {
    List<Requirement> all = new ArrayList<>();
    labels.forEach((key, value) -> all.add(Requirement.equal(key, value)));
    return new Selector(all);
  }

  private static String yaml(Selector selector) {
    return selector.isEverything()
        ? "{}"
        : selector.requirements().stream()
            .map(r -> quoted(r.key()) + ": " + quoted(r.values().get(0)))
            .collect(Collectors.joining(", ", "{matchLabels: {", "}}"));
  }

  /** A label's key or value that YAML could take for a number, a boolean or nothing is quoted. */
  private static String quoted(String value) {
    boolean plain = value.matches("[a-zA-Z][a-zA-Z0-9._/-]*")
        && !value.matches("(?i)y|n|yes|no|on|off|true|false|null|inf|nan");
    return plain ? value : "\"" + value + "\"";
  }
}
