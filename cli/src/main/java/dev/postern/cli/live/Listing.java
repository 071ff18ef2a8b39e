package dev.postern.cli.live;

import java.util.List;

/**
 * A list endpoint of the API.
 *
 * @param path below the server's address
 * @param kind the kind of its items
 * @param presence what follows where the server does not answer
 */
record Listing(String path, String kind, Presence presence) {

  /** What follows where a list cannot be had. */
  enum Presence {
    /** Every server has it, and without it nothing can be said. */
    REQUIRED,
    /** A server may lack it: a CRD that is not installed, another distribution's kind. */
    OPTIONAL,
    /** As an optional one, and the server may keep it to itself: then less is known of a dataplane, and nothing else changes. */
    WHERE_ALLOWED,
    /** The server says that it serves it. Postern does not read the kind, and only wants to know whether there are objects. */
    DISCOVERED
  }

  /** Everything that the reader understands. */
  static final List<Listing> ALL = List.of(
      required("/api/v1/namespaces", "Namespace"),
      required("/api/v1/nodes", "Node"),
      required("/api/v1/pods", "Pod"),
      required("/api/v1/services", "Service"),
      required("/api/v1/replicationcontrollers", "ReplicationController"),
      required("/apis/apps/v1/deployments", "Deployment"),
      required("/apis/apps/v1/statefulsets", "StatefulSet"),
      required("/apis/apps/v1/daemonsets", "DaemonSet"),
      required("/apis/apps/v1/replicasets", "ReplicaSet"),
      required("/apis/batch/v1/jobs", "Job"),
      required("/apis/batch/v1/cronjobs", "CronJob"),
      required("/apis/discovery.k8s.io/v1/endpointslices", "EndpointSlice"),
      required("/apis/networking.k8s.io/v1/ingresses", "Ingress"),
      required("/apis/networking.k8s.io/v1/networkpolicies", "NetworkPolicy"),
      optional(
          "/apis/policy.networking.k8s.io/v1alpha1/adminnetworkpolicies", "AdminNetworkPolicy"),
      optional(
          "/apis/policy.networking.k8s.io/v1alpha1/baselineadminnetworkpolicies",
          "BaselineAdminNetworkPolicy"),
      optional(
          "/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies", "ClusterNetworkPolicy"),
      optional("/apis/gateway.networking.k8s.io/v1/gateways", "Gateway"),
      optional("/apis/gateway.networking.k8s.io/v1/httproutes", "HTTPRoute"),
      optional("/apis/gateway.networking.k8s.io/v1/grpcroutes", "GRPCRoute"),
      optional("/apis/gateway.networking.k8s.io/v1alpha2/tlsroutes", "TLSRoute"),
      optional("/apis/gateway.networking.k8s.io/v1alpha2/tcproutes", "TCPRoute"),
      optional("/apis/gateway.networking.k8s.io/v1alpha2/udproutes", "UDPRoute"),
      optional("/apis/route.openshift.io/v1/routes", "Route"),
      new Listing("/apis/cilium.io/v2/ciliumnodes", "CiliumNode", Presence.WHERE_ALLOWED));

  /** A resource that a server says it serves, of a kind that Postern does not read. */
  static Listing discovered(String groupVersion, String resource, String kind) {
    return new Listing("/apis/" + groupVersion + "/" + resource, kind, Presence.DISCOVERED);
  }

  /** What it lists, as RBAC names it: {@code pods}. */
  String resource() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The group and version: {@code apps/v1}. */
  String apiVersion() {
    int start = path.indexOf('/', 1) + 1;
    return path.substring(start, path.lastIndexOf('/'));
  }

  /** The group; empty for the core group. */
  String group() {
    String version = apiVersion();
    return version.substring(0, Math.max(0, version.indexOf('/')));
  }

  /** Whether a server may lack it. */
  boolean optional() {
    return presence != Presence.REQUIRED;
  }

  private static Listing required(String path, String kind) {
    return new Listing(path, kind, Presence.REQUIRED);
  }

  private static Listing optional(String path, String kind) {
    return new Listing(path, kind, Presence.OPTIONAL);
  }
}
