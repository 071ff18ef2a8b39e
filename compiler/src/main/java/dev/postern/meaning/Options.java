package dev.postern.meaning;

import dev.postern.policy.PolicyKind;

/**
 * The choices that Kubernetes leaves to a dataplane.
 *
 * @param ipBlockMatchesPods whether a NetworkPolicy's {@code ipBlock} matches addresses of pods: yes upstream, no in Cilium. An admin
 *     policy's {@code networks} always match them.
 * @param nodeTrafficPasses whether traffic between a pod and the node it runs on always passes, so that the kubelet's probes work
 * @param hostNetwork what a pod on the host network is
 */
public record Options(
    boolean ipBlockMatchesPods, boolean nodeTrafficPasses, HostNetwork hostNetwork) {

  /** The two readings of a pod on the host network that the NetworkPolicy documents permit. */
  public enum HostNetwork {
    /** It is the node: no selector matches it, only addresses do. The common reading. */
    NODE,
    /** NetworkPolicies select and match it like any pod; admin policies still never do. */
    POD
  }

  /** What upstream's conformance tests expect and most dataplanes do. */
  public static final Options DEFAULT = new Options(true, true, HostNetwork.NODE);

  public Options withIpBlockMatchesPods(boolean matches) {
    return new Options(matches, nodeTrafficPasses, hostNetwork);
  }

  public Options withNodeTrafficPasses(boolean passes) {
    return new Options(ipBlockMatchesPods, passes, hostNetwork);
  }

  public Options withHostNetwork(HostNetwork reading) {
    return new Options(ipBlockMatchesPods, nodeTrafficPasses, reading);
  }

  /** Whether a pod on the host network is its node to policies of a kind, so that no selector of theirs matches it. */
  public boolean hostNetworkIsNode(PolicyKind kind) {
    return !kind.leavesHostNetworkOpen() || hostNetwork == HostNetwork.NODE;
  }

  // What a record generates for these is linked at run time, which costs every start a millisecond.
  @Override
  public boolean equals(Object other) {
    return other instanceof Options options
        && ipBlockMatchesPods == options.ipBlockMatchesPods
        && nodeTrafficPasses == options.nodeTrafficPasses
        && hostNetwork == options.hostNetwork;
  }

  @Override
  public int hashCode() {
    return (Boolean.hashCode(ipBlockMatchesPods) * 31 + Boolean.hashCode(nodeTrafficPasses)) * 31
        + hostNetwork.ordinal();
  }
}
