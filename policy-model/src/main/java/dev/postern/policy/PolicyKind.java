package dev.postern.policy;

/** The kinds of policy that Postern reads, and one for all that it cannot. */
public enum PolicyKind {
  NETWORK_POLICY("NetworkPolicy", "networking.k8s.io/v1", true, true),
  ADMIN_NETWORK_POLICY("AdminNetworkPolicy", "policy.networking.k8s.io/v1alpha1", false, false),
  BASELINE_ADMIN_NETWORK_POLICY(
      "BaselineAdminNetworkPolicy", "policy.networking.k8s.io/v1alpha1", false, false),
  CLUSTER_NETWORK_POLICY("ClusterNetworkPolicy", "policy.networking.k8s.io/v1alpha2", false, false),
  /** No manifest's kind: stands for what a policy that was not read may do, or one of which it is not known whom it selects. */
  UNDETERMINED("policy", "", false, false);

  private final String kind;
  private final String apiVersion;
  private final boolean namespaced;
  private final boolean leavesHostNetworkOpen;

  PolicyKind(String kind, String apiVersion, boolean namespaced, boolean leavesHostNetworkOpen) {
    this.kind = kind;
    this.apiVersion = apiVersion;
    this.namespaced = namespaced;
    this.leavesHostNetworkOpen = leavesHostNetworkOpen;
  }

  /** The manifest's {@code kind}. */
  public String kind() {
    return kind;
  }

  /** The manifest's {@code apiVersion}. */
  public String apiVersion() {
    return apiVersion;
  }

  public boolean namespaced() {
    return namespaced;
  }

  /**
   * Whether the kind leaves it to the dataplane if a pod on the host network is a pod to its selectors or only its node: NetworkPolicy does
   * (networking.k8s.io/v1, "NetworkPolicy and hostNetwork pods"); to the kinds of the network-policy-api project it is only its node.
   */
  public boolean leavesHostNetworkOpen() {
    return leavesHostNetworkOpen;
  }

  /**
   * Whether the kind leaves it to the dataplane if its blocks of addresses match pods: NetworkPolicy does (networking.k8s.io/v1,
   * {@code ipBlock}); networks of the network-policy-api project match whatever has an address in them.
   */
  public boolean leavesBlocksOpen() {
    return switch (this) {
      case NETWORK_POLICY -> true;
      case ADMIN_NETWORK_POLICY,
          BASELINE_ADMIN_NETWORK_POLICY,
          CLUSTER_NETWORK_POLICY,
          UNDETERMINED -> false;
    };
  }

  /** Whether its rules are also about a pod that calls itself through a Service. */
  public boolean governsCallsToItself() {
    return switch (this) {
      case CLUSTER_NETWORK_POLICY -> true;
      case NETWORK_POLICY, ADMIN_NETWORK_POLICY, BASELINE_ADMIN_NETWORK_POLICY, UNDETERMINED ->
        false;
    };
  }

  /** What a rule calls its ports: {@code protocols} in v1alpha2 of the network-policy-api project, which names ICMP there, too. */
  public String portsField() {
    return this == CLUSTER_NETWORK_POLICY ? "protocols" : "ports";
  }

  /** How many rules one of its directions takes, and how many peers or ports a rule: what the schemas of the network-policy-api project say. */
  public int mostEntries() {
    return switch (this) {
      case ADMIN_NETWORK_POLICY, BASELINE_ADMIN_NETWORK_POLICY -> 100;
      case CLUSTER_NETWORK_POLICY -> 25;
      case NETWORK_POLICY, UNDETERMINED -> Integer.MAX_VALUE;
    };
  }

  /** Whether a peer that selects pods has to select namespaces as well: v1alpha2 of the network-policy-api project takes all if it does not. */
  public boolean needsNamespaceSelector() {
    return this == ADMIN_NETWORK_POLICY || this == BASELINE_ADMIN_NETWORK_POLICY;
  }
}
