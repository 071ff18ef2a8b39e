package dev.postern.answer;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** Which of the choices that Kubernetes leaves open could change an answer: those that concern one of its ends. */
final class OpenChoices {

  private final Directory directory;

  OpenChoices(Directory directory) {
    this.directory = directory;
  }

  /** The choices that could change an answer about these sites. */
  List<AlternativeReading.Choice> about(List<Site> sites) {
    Cluster cluster = directory.cluster();
    List<AlternativeReading.Choice> choices = new ArrayList<>();
    if (cluster.policies().stream().anyMatch(OpenChoices::hasIpBlock)
        && isAnyPod(sites, pod -> pod.address().isPresent())) {
      choices.add(AlternativeReading.Choice.IP_BLOCK_MATCHES_PODS);
    }
    if (isAnyPod(sites, pod -> pod.address().isEmpty())
        && cluster.policies().stream().anyMatch(OpenChoices::hasBlock)) {
      choices.add(AlternativeReading.Choice.MISSING_ADDRESS);
    }
    if (sites.stream().anyMatch(site -> site.isOnANode(directory.nodeAddresses()))) {
      choices.add(AlternativeReading.Choice.NODE_TRAFFIC_PASSES);
    }
    if (isAnyPod(sites, pod -> pod.workload().hostNetwork())) {
      choices.add(AlternativeReading.Choice.HOST_NETWORK);
    }
    return choices;
  }

  private static boolean isAnyPod(List<Site> sites, Predicate<End.InPod> predicate) {
    return sites.stream()
        .flatMap(Site::ends)
        .anyMatch(end -> end instanceof End.InPod pod && predicate.test(pod));
  }

  private static boolean hasIpBlock(Policy policy) {
    return policy.kind() == PolicyKind.NETWORK_POLICY
        && hasPeer(policy, Peer.IpBlock.class::isInstance);
  }

  private static boolean hasBlock(Policy policy) {
    return hasPeer(policy, peer -> peer instanceof Peer.IpBlock || peer instanceof Peer.Networks);
  }

  private static boolean hasPeer(Policy policy, Predicate<Peer> kind) {
    return Arrays.stream(Direction.values())
        .flatMap(direction -> policy.rules(direction).stream())
        .anyMatch(rule ->
            rule.peers() instanceof Peers.AnyOf some && some.peers().stream().anyMatch(kind));
  }
}
