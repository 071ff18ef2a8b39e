package dev.postern.dataplane;

/** Something that policies can say, or that decides what they see, in which dataplanes differ. */
public enum Feature {
  NETWORK_POLICY("NetworkPolicy"),
  ADMIN_POLICY("AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy"),
  IP_BLOCK_OF_PODS("an `ipBlock` that holds addresses of pods"),
  END_PORT("`endPort`"),
  SCTP("SCTP"),
  ICMP("ICMP"),
  OTHER_PROTOCOLS("protocols other than TCP, UDP, SCTP and ICMP"),
  TUNNELS("policies that let a pod send IP in IP or VXLAN"),
  SELF_THROUGH_SERVICE("that a pod reaches itself through a Service"),
  NAMED_PORT("a port by name"),
  NAMED_PORT_OF_BLOCK("a port by name beside an `ipBlock` in egress"),
  BARE_POD("policies of pods that no controller owns"),
  HOST_NETWORK("policies of pods on the host network"),
  FROM_OWN_NODE("policies about traffic from a pod's own node"),
  TO_OWN_NODE("policies about traffic to a pod's own node"),
  CLIENT_ADDRESS("the client's own address behind node ports and load balancers"),
  LOAD_BALANCER("a pod's call to a load balancer's address, answered by its own node");

  private final String words;

  Feature(String words) {
    this.words = words;
  }

  /** What it is, in the middle of a sentence. */
  public String words() {
    return words;
  }
}
