package dev.postern.suggestion;

/** Why a flow that was seen to pass is in no suggested policy: no rule could name it for certain. */
public enum Unresolved {
  /** A pod that is not among the manifests. */
  UNKNOWN_POD("an end is a pod that no manifest holds"),
  /** An address that several pods have. */
  SHARED_ADDRESS("an end is an address that the manifests give to several pods"),
  /** A pod on the host network: policies see its node. */
  HOST_NETWORK("an end is on the host network, where policies see its node"),
  /** The address of a node. */
  NODE("an end is a node"),
  /** A Service's address, and nothing is known behind it on that port. */
  NO_BACKEND("the Service that was called has no pods behind that port among the manifests"),
  /** The address of a load balancer that packets go by before a Service. */
  LOAD_BALANCER("a load balancer stands between the two"),
  /** A Service's address as the caller, which nobody has. */
  SERVICE_CALLS("a Service's address cannot call anybody"),
  /** A record of a proxy, or of columns that were taken for others. */
  TWO_FAMILIES("one end has an IPv4 address, and the other an IPv6 address"),
  /** Neither end is a pod. */
  BOTH_OUTSIDE("neither end is a pod of the manifests"),
  /** A DNS name, or an ingress controller of which no manifest is there. */
  UNPLACED("an end has no known address and no known pods"),
  /** ICMP and the like. */
  NO_PORTS("a policy lets a protocol without ports pass only together with all other traffic"),
  /** Pods without any label that stays with them. */
  UNLABELLED("an end has no lasting label by which a selector could name it");

  private final String words;

  Unresolved(String words) {
    this.words = words;
  }

  /** A sentence without its full stop. */
  public String words() {
    return words;
  }
}
