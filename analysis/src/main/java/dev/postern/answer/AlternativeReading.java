package dev.postern.answer;

import dev.postern.meaning.Options;
import dev.postern.meaning.Options.HostNetwork;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import java.util.Arrays;

/**
 * The other way to read what Kubernetes leaves open.
 *
 * @param because what this answer takes for granted
 * @param flag the command line's option that takes the other reading
 * @param options the options of the other reading
 */
record AlternativeReading(String because, String flag, Options options) {

  static AlternativeReading ipBlocks(Options options) {
    boolean matches = options.ipBlockMatchesPods();
    return new AlternativeReading(
        matches
            ? "an ipBlock matches addresses of pods"
            : "an ipBlock does not match addresses of pods",
        "--ip-block-matches-pods=" + !matches,
        options.withIpBlockMatchesPods(!matches));
  }

  static AlternativeReading nodeTraffic(Options options) {
    boolean passes = options.nodeTrafficPasses();
    return new AlternativeReading(
        passes
            ? "traffic between a pod and its node passes"
            : "policies judge traffic between a pod and its node",
        "--node-traffic-passes=" + !passes,
        options.withNodeTrafficPasses(!passes));
  }

  static AlternativeReading hostNetwork(Options options) {
    boolean node = options.hostNetwork() == HostNetwork.NODE;
    return new AlternativeReading(
        node
            ? "a pod on the host network counts as its node"
            : "a pod on the host network counts as a pod",
        "--host-network=" + (node ? "pod" : "node"),
        options.withHostNetwork(node ? HostNetwork.POD : HostNetwork.NODE));
  }

  static boolean hasIpBlock(Policy policy) {
    return policy.kind() == PolicyKind.NETWORK_POLICY
        && Arrays.stream(Direction.values())
            .flatMap(direction -> policy.rules(direction).stream())
            .anyMatch(rule -> rule.peers() instanceof Peers.AnyOf some
                && some.peers().stream().anyMatch(Peer.IpBlock.class::isInstance));
  }
}
