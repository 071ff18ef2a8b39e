package dev.postern.answer;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.meaning.PoliciesBySubject;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which of the choices that Kubernetes leaves open could change an answer: those that concern one of its ends. */
final class OpenChoices {

  /** About more ends than this it is not looked which policies select them. */
  private static final int ENDS = 64;

  private final Directory directory;

  OpenChoices(Directory directory) {
    this.directory = directory;
  }

  /**
   * The choices that could change an answer about these sites.
   *
   * @param direct whether what passes has these sites at both ends, all the way
   */
  List<AlternativeReading.Choice> about(List<Site> sites, boolean direct) {
    Cluster cluster = directory.cluster();
    List<AlternativeReading.Choice> choices = new ArrayList<>();
    if (cluster.policies().stream().anyMatch(OpenChoices::hasIpBlock)
        && isAnyPod(sites, pod -> pod.address().isPresent())) {
      choices.add(AlternativeReading.Choice.IP_BLOCK_MATCHES_PODS);
    }
    if (isAnyPod(sites, pod -> pod.address().isEmpty())
        && deciding(sites, direct).anyMatch(this::holdsMissing)) {
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

  /** The policies that could have a say: of a flow those that select one of its ends. */
  private Stream<Policy> deciding(List<Site> sites, boolean direct) {
    Cluster cluster = directory.cluster();
    List<End> ends = sites.stream().flatMap(Site::ends).limit(ENDS + 1L).toList();
    if (!direct || ends.size() > ENDS) {
      return cluster.policies().stream();
    }
    PoliciesBySubject policies = PoliciesBySubject.of(cluster);
    return ends.stream()
        .filter(End.InPod.class::isInstance)
        .map(End.InPod.class::cast)
        .flatMap(pod -> policies.about(pod).stream()
            .filter(policy -> policy.subject().pods().matches(pod.workload().labels())));
  }

  /** Whether blocks of a policy may hold an address that is not known, in one reading or the other. */
  private boolean holdsMissing(Policy policy) {
    Options options = directory.plan().options();
    Options turned = AlternativeReading.Choice.MISSING_ADDRESS.turned(options);
    return policy.rules().stream()
        .map(PolicyRule::blocks)
        .anyMatch(blocks -> !options.missingAddress().matching(blocks).isEmpty()
            || !turned.missingAddress().matching(blocks).isEmpty());
  }

  private static boolean hasIpBlock(Policy policy) {
    return policy.kind().leavesBlocksOpen() && hasPeer(policy, Peer.IpBlock.class::isInstance);
  }

  private static boolean hasPeer(Policy policy, Predicate<Peer> kind) {
    return policy.rules().stream()
        .anyMatch(rule ->
            rule.peers() instanceof Peers.AnyOf some && some.peers().stream().anyMatch(kind));
  }
}
