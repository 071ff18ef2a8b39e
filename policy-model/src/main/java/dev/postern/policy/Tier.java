package dev.postern.policy;

/** The three stages that a connection passes, in order; the first that decides ends it, and a connection that none decides passes. */
public enum Tier {
  /** Ordered rules of AdminNetworkPolicy and of ClusterNetworkPolicy in tier Admin. */
  ADMIN("Admin"),
  /** NetworkPolicy: the union of what the selecting policies allow; the rest is denied for the pods they select. */
  NETWORK_POLICY("NetworkPolicy"),
  /** Ordered rules of BaselineAdminNetworkPolicy and of ClusterNetworkPolicy in tier Baseline. */
  BASELINE("Baseline");

  private final String word;

  Tier(String word) {
    this.word = word;
  }

  /** The tier's name as the API writes it. */
  public String word() {
    return word;
  }
}
