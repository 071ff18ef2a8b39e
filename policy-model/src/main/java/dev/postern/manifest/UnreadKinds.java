package dev.postern.manifest;

import dev.postern.cluster.UnreadPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The kinds that decide about traffic and that Postern does not read: whom an object of each may select at most, and where it says so. What
 * such an object does to whom it selects is not known. Kinds that nobody has heard of count too if their name says what they are.
 */
public final class UnreadKinds {

  /** Whom an object of a kind may be about. */
  enum Scope {
    /** Pods of its namespace. */
    NAMESPACE,
    /** Pods of its namespace; in the mesh's root namespace those of all namespaces. */
    MESH,
    /** Pods of every namespace. */
    CLUSTER,
    /** Pods of its namespace if it has one, else pods of every namespace. */
    AS_WRITTEN,
    /** Nobody: it enforces nothing. */
    NOBODY
  }

  /**
   * A kind.
   *
   * @param scope whom its objects may be about
   * @param selector the fields that lead to a Kubernetes label selector of the pods it is about; empty where there is none of that form
   */
  record UnreadKind(Scope scope, List<String> selector) {}

  /** Istio's root namespace, unless its mesh configuration names another. */
  static final Set<String> ROOT_NAMESPACES = Set.of("istio-system");

  private static final String CALICO = "projectcalico.org";

  /** Where Calico keeps the objects of its API, so that a cluster may show them under both groups. */
  private static final String CALICO_KEPT = "crd.projectcalico.org";

  /** The tier that Calico puts before the names of policies in it. */
  private static final String DEFAULT_TIER = "default.";

  private static final List<String> TELLING_ENDS = List.of(
      "NetworkPolicy",
      "NetworkPolicies",
      "FirewallPolicy",
      "FirewallRule",
      "Firewall",
      "TrafficPermission",
      "EgressPolicy",
      "IngressPolicy",
      "SecurityGroupPolicy");

  /** The groups that NetworkPolicies and admin policies are of. */
  private static final Set<String> NETWORKING =
      Set.of("networking.k8s.io", "policy.networking.k8s.io");

  /** What else is in these groups, which decides about no traffic between pods. */
  private static final Set<String> NO_POLICIES = Set.of(
      "Ingress",
      "IngressClass",
      "IPAddress",
      "ServiceCIDR",
      "ClusterCIDR",
      // What an implementation says of itself, in a file of the API's own repository.
      "ConformanceReport");

  private static final List<String> CLUSTER_WIDE = List.of("Cluster", "Global");

  private static final Map<String, Map<String, UnreadKind>> KINDS = new HashMap<>();

  static {
    List<String> pods = List.of("spec", "podSelector");
    List<String> endpoints = List.of("spec", "endpointSelector");
    List<String> selector = List.of("spec", "selector");
    add("cilium.io", "CiliumNetworkPolicy", Scope.NAMESPACE, endpoints);
    add("cilium.io", "CiliumClusterwideNetworkPolicy", Scope.CLUSTER, endpoints);
    // Calico's selectors are expressions of a language of its own.
    for (String calico : List.of("projectcalico.org", "crd.projectcalico.org")) {
      add(calico, "NetworkPolicy", Scope.NAMESPACE);
      add(calico, "GlobalNetworkPolicy", Scope.CLUSTER);
      add(calico, "StagedNetworkPolicy", Scope.NOBODY);
      add(calico, "StagedGlobalNetworkPolicy", Scope.NOBODY);
      add(calico, "StagedKubernetesNetworkPolicy", Scope.NOBODY);
    }
    for (String antrea : List.of("crd.antrea.io", "security.antrea.tanzu.vmware.com")) {
      add(antrea, "NetworkPolicy", Scope.NAMESPACE);
      add(antrea, "ClusterNetworkPolicy", Scope.CLUSTER);
    }
    add("security.istio.io", "AuthorizationPolicy", Scope.MESH, selector);
    add("security.istio.io", "PeerAuthentication", Scope.MESH, selector);
    add("networking.istio.io", "Sidecar", Scope.MESH);
    add("policy.linkerd.io", "Server", Scope.NAMESPACE, pods);
    add("policy.linkerd.io", "ServerAuthorization", Scope.NAMESPACE);
    add("policy.linkerd.io", "AuthorizationPolicy", Scope.NAMESPACE);
    add("k8s.ovn.org", "EgressFirewall", Scope.NAMESPACE);
    add("network.openshift.io", "EgressNetworkPolicy", Scope.NAMESPACE);
    add("network.openshift.io", "NetNamespace", Scope.CLUSTER);
    // A primary network of their own cuts namespaces off.
    add("k8s.ovn.org", "UserDefinedNetwork", Scope.NAMESPACE);
    add("k8s.ovn.org", "ClusterUserDefinedNetwork", Scope.CLUSTER);
    add("k8s.ovn.org", PrimaryNetworks.CONNECTING, Scope.CLUSTER);
    add("k8s.cni.cncf.io", "MultiNetworkPolicy", Scope.NAMESPACE, pods);
    add("networking.k8s.aws", "ApplicationNetworkPolicy", Scope.NAMESPACE, pods);
    add("networking.k8s.aws", "ClusterNetworkPolicy", Scope.CLUSTER);
    add("vpcresources.k8s.aws", "SecurityGroupPolicy", Scope.NAMESPACE, pods);
    add("kubeovn.io", "Subnet", Scope.CLUSTER);
    add("kubeovn.io", "SecurityGroup", Scope.CLUSTER);
    add("networking.gke.io", "FQDNNetworkPolicy", Scope.NAMESPACE, pods);
    for (String nsx : List.of("crd.nsx.vmware.com", "nsx.vmware.com")) {
      add(nsx, "SecurityPolicy", Scope.NAMESPACE);
    }
    add("kuma.io", "MeshTrafficPermission", Scope.CLUSTER);
    add("consul.hashicorp.com", "ServiceIntentions", Scope.CLUSTER);
    add("security.kubearmor.com", "KubeArmorPolicy", Scope.NAMESPACE, selector);
    add("security.kubearmor.com", "KubeArmorClusterPolicy", Scope.CLUSTER);
    add("neuvector.com", "NvSecurityRule", Scope.NAMESPACE);
    add("neuvector.com", "NvClusterSecurityRule", Scope.CLUSTER);
  }

  private UnreadKinds() {}

  private static void add(String group, String kind, Scope scope) {
    add(group, kind, scope, List.of());
  }

  private static void add(String group, String kind, Scope scope, List<String> selector) {
    KINDS.computeIfAbsent(group, g -> new HashMap<>()).put(kind, new UnreadKind(scope, selector));
  }

  /**
   * Whether objects of a kind may decide about traffic: Postern names them, or the kind's own name says so.
   *
   * @param group the API group, empty for the core group
   */
  public static boolean mayDecide(String group, String kind) {
    return find(group, kind).isPresent();
  }

  /** Whether a group holds measurements and nothing else ({@code metrics.k8s.io} and those beside it), whose servers are often away. */
  public static boolean isOnlyOfMeasurements(String group) {
    return group.equals("metrics.k8s.io") || group.endsWith(".metrics.k8s.io");
  }

  /** What is known of a kind of a group; empty if it decides about no traffic. */
  static Optional<UnreadKind> find(String group, String kind) {
    Optional<UnreadKind> known =
        Optional.ofNullable(KINDS.getOrDefault(group, Map.of()).get(kind));
    return known.or(() -> tells(group, kind)
        ? Optional.of(new UnreadKind(
            CLUSTER_WIDE.stream().anyMatch(kind::contains) ? Scope.CLUSTER : Scope.AS_WRITTEN,
            List.of()))
        : Optional.empty());
  }

  /** Whether a kind's own name, or its group, says that it decides about traffic; also where the name is misspelt. */
  private static boolean tells(String group, String kind) {
    if (NETWORKING.contains(group)) {
      String item = kind.endsWith("List") ? kind.substring(0, kind.length() - 4) : kind;
      return !NO_POLICIES.contains(item);
    }
    return TELLING_ENDS.stream()
        .anyMatch(end -> kind.length() >= end.length()
            && kind.regionMatches(true, kind.length() - end.length(), end, 0, end.length()));
  }

  /** The group that holds all objects of a group as well, if there is one; the reverse need not be so, since an API may hide some of them. */
  public static Optional<String> keeperOf(String group) {
    return group.equals(CALICO) ? Optional.of(CALICO_KEPT) : Optional.empty();
  }

  /** The policies, each once where a cluster shows it under two groups. */
  static List<UnreadPolicy> once(List<UnreadPolicy> policies) {
    Map<List<String>, UnreadPolicy> byName = new LinkedHashMap<>();
    List<UnreadPolicy> rest = new ArrayList<>();
    for (UnreadPolicy policy : policies) {
      boolean calico = policy.group().equals(CALICO) || policy.group().equals(CALICO_KEPT);
      if (!calico || policy.name().isEmpty()) {
        rest.add(policy);
        continue;
      }
      String name = policy.name().startsWith(DEFAULT_TIER)
          ? policy.name().substring(DEFAULT_TIER.length())
          : policy.name();
      byName.merge(
          List.of(policy.kind(), policy.namespace(), name),
          policy,
          (one, other) -> one.group().equals(CALICO) ? one : other);
    }
    rest.addAll(byName.values());
    return rest;
  }
}
