package dev.postern.meaning;

import dev.postern.cluster.Workload;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.policy.PolicyKind;
import java.util.Set;

/**
 * The choices that Kubernetes leaves to a dataplane.
 *
 * @param ipBlockMatchesPods whether a NetworkPolicy's {@code ipBlock} matches addresses of pods: yes upstream, no in Cilium. An admin
 *     policy's {@code networks} always match them.
 * @param nodeTrafficPasses whether traffic between a pod and the node it runs on always passes, so that the kubelet's probes work
 * @param hostNetwork what a pod on the host network is
 * @param missingAddress what an {@code ipBlock} or {@code networks} makes of a pod of which no address is known
 */
public record Options(
    boolean ipBlockMatchesPods,
    boolean nodeTrafficPasses,
    HostNetwork hostNetwork,
    MissingAddress missingAddress) {

  /** The choices with the common reading of pods without a known address. */
  public Options(boolean ipBlockMatchesPods, boolean nodeTrafficPasses, HostNetwork hostNetwork) {
    this(ipBlockMatchesPods, nodeTrafficPasses, hostNetwork, MissingAddress.UNMATCHED);
  }

  /** What blocks of addresses are to a pod, or the template of pods, of which no address is known. */
  public enum MissingAddress {
    /** Its address is of a {@link FamiliesInUse family in use}, and in no block but those that leave out no address of the family. */
    UNMATCHED,
    /**
     * It may have any address that pod networks commonly use: private (RFC 1918), shared (RFC 6598), and of IPv6 any, since pods have global
     * addresses there. Where that matters, what passes is unknown.
     */
    PRIVATE,
    /** It may have any address. Where that matters, what passes is unknown. */
    ANY;

    private static final AddressSet COMMON = AddressSet.of(Cidr.parse("10.0.0.0/8"))
        .union(AddressSet.of(Cidr.parse("172.16.0.0/12")))
        .union(AddressSet.of(Cidr.parse("192.168.0.0/16")))
        .union(AddressSet.of(Cidr.parse("100.64.0.0/10")))
        .union(AddressSet.all(Family.IPV6));

    /** The addresses of which it may have one, where two are told apart. */
    public AddressSet possible(Set<Family> inUse) {
      return switch (this) {
        case UNMATCHED ->
          inUse.stream().map(AddressSet::all).reduce(AddressSet.EMPTY, AddressSet::union);
        case PRIVATE -> COMMON;
        case ANY -> AddressSet.ALL;
      };
    }

    /** As much of a rule's blocks as can match an address that is not known. */
    public AddressSet matching(AddressSet blocks) {
      return switch (this) {
        case UNMATCHED -> whole(blocks);
        case PRIVATE -> blocks.intersect(COMMON);
        case ANY -> blocks;
      };
    }

    private static AddressSet whole(AddressSet blocks) {
      AddressSet whole = AddressSet.EMPTY;
      for (Family family : Family.values()) {
        AddressSet all = AddressSet.all(family);
        whole = blocks.containsAll(all) ? whole.union(all) : whole;
      }
      return whole;
    }
  }

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
    return new Options(matches, nodeTrafficPasses, hostNetwork, missingAddress);
  }

  public Options withNodeTrafficPasses(boolean passes) {
    return new Options(ipBlockMatchesPods, passes, hostNetwork, missingAddress);
  }

  public Options withHostNetwork(HostNetwork reading) {
    return new Options(ipBlockMatchesPods, nodeTrafficPasses, reading, missingAddress);
  }

  public Options withMissingAddress(MissingAddress reading) {
    return new Options(ipBlockMatchesPods, nodeTrafficPasses, hostNetwork, reading);
  }

  /** Whether a pod on the host network is its node to policies of a kind, so that no selector of theirs matches it. */
  public boolean hostNetworkIsNode(PolicyKind kind) {
    return !kind.leavesHostNetworkOpen() || hostNetwork == HostNetwork.NODE;
  }

  /** Whether the pods of a workload are their node to policies of a kind. */
  public boolean areNode(Workload workload, PolicyKind kind) {
    return workload.hostNetwork() && hostNetworkIsNode(kind);
  }

  /** Whether blocks of addresses in policies of a kind match pods. */
  public boolean blocksMatchPods(PolicyKind kind) {
    return !kind.leavesBlocksOpen() || ipBlockMatchesPods;
  }

  // What a record generates for these is linked at run time, which costs every start a millisecond.
  @Override
  public boolean equals(Object other) {
    return other instanceof Options options
        && ipBlockMatchesPods == options.ipBlockMatchesPods
        && nodeTrafficPasses == options.nodeTrafficPasses
        && hostNetwork == options.hostNetwork
        && missingAddress == options.missingAddress;
  }

  @Override
  public int hashCode() {
    return ((Boolean.hashCode(ipBlockMatchesPods) * 31 + Boolean.hashCode(nodeTrafficPasses)) * 31
                + hostNetwork.ordinal())
            * 31
        + missingAddress.ordinal();
  }
}
