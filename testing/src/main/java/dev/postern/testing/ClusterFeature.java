package dev.postern.testing;

/**
 * What a generated cluster may hold beyond the plainest: a target that cannot express one of these leaves it out of its
 * {@link Profile}.
 */
public enum ClusterFeature {
  /** Nodes with labels and addresses, and peers that select nodes. */
  NODES,
  /** Pods on their node's network; takes effect with {@link #NODES} only. */
  HOST_NETWORK,
  /** Pods without an address, and templates of which no pod is known. Without it each workload has a pod with each family's address. */
  MISSING_ADDRESSES,
  /** Things in namespaces that no manifest declares. */
  UNDECLARED_NAMESPACES,
  /** Services and ways in from outside. */
  SERVICES,
  /** Container ports and rules of SCTP. */
  SCTP,
  /** Rules that name a port. */
  NAMED_PORTS,
  /** Rules with more than one port an entry, up to all of a protocol. */
  PORT_RANGES,
  /** {@code ipBlock} peers of NetworkPolicy. */
  IP_BLOCKS,
  /** {@code ipBlock} peers with {@code except}; takes effect with {@link #IP_BLOCKS} only. */
  EXCEPTS,
  /** {@code networks} peers of admin policies. */
  NETWORKS,
  /** {@code domainNames} peers of admin policies. */
  DOMAIN_NAMES,
  /** Peers with no known field in admin policies. */
  UNKNOWN_PEERS,
  /** Action Pass in both ordered tiers. */
  PASS,
  /** Policies of equal priority in one tier. Without it all priorities of a tier differ. */
  CONFLICTING_PRIORITIES,
  /** Rules that the model can hold though no manifest yields them: without a peer, or without traffic. */
  UNWRITABLE
}
