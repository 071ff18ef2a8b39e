package dev.postern.policy;

/** The kinds of policy that Postern reads, and one for all that it cannot. */
public enum PolicyKind {
  NETWORK_POLICY("NetworkPolicy", "networking.k8s.io/v1", true),
  ADMIN_NETWORK_POLICY("AdminNetworkPolicy", "policy.networking.k8s.io/v1alpha1", false),
  BASELINE_ADMIN_NETWORK_POLICY(
      "BaselineAdminNetworkPolicy", "policy.networking.k8s.io/v1alpha1", false),
  CLUSTER_NETWORK_POLICY("ClusterNetworkPolicy", "policy.networking.k8s.io/v1alpha2", false),
  /** No manifest's kind: stands for what a policy that was not read may do, or one of which it is not known whom it selects. */
  UNDETERMINED("policy", "", false);

  private final String kind;
  private final String apiVersion;
  private final boolean namespaced;

  PolicyKind(String kind, String apiVersion, boolean namespaced) {
    this.kind = kind;
    this.apiVersion = apiVersion;
    this.namespaced = namespaced;
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
}
