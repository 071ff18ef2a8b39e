package dev.postern.lint.dataplane;

/** Something that policies can say and that not every dataplane enforces. */
public enum Feature {
  NETWORK_POLICY("NetworkPolicy"),
  ADMIN_POLICY("AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy"),
  IP_BLOCK_OF_PODS("an `ipBlock` that holds addresses of pods"),
  END_PORT("`endPort`"),
  SCTP("SCTP"),
  NAMED_PORT("a port by name"),
  NAMED_PORT_OF_BLOCK("a port by name beside an `ipBlock`"),
  BARE_POD("policies of pods that no controller owns");

  private final String words;

  Feature(String words) {
    this.words = words;
  }

  /** What it is, in the middle of a sentence. */
  public String words() {
    return words;
  }
}
