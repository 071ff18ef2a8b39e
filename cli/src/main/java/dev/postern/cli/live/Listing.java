package dev.postern.cli.live;

import java.util.List;

/**
 * A list endpoint of the API.
 *
 * @param path below the server's address
 * @param optional whether a server may lack it: a CRD that is not installed, another distribution's kind
 */
record Listing(String path, boolean optional) {

  /** Everything that the reader understands. */
  static final List<Listing> ALL = List.of(
      required("/api/v1/namespaces"),
      required("/api/v1/nodes"),
      required("/api/v1/pods"),
      required("/api/v1/services"),
      required("/api/v1/replicationcontrollers"),
      required("/apis/apps/v1/deployments"),
      required("/apis/apps/v1/statefulsets"),
      required("/apis/apps/v1/daemonsets"),
      required("/apis/apps/v1/replicasets"),
      required("/apis/batch/v1/jobs"),
      required("/apis/batch/v1/cronjobs"),
      required("/apis/discovery.k8s.io/v1/endpointslices"),
      required("/apis/networking.k8s.io/v1/ingresses"),
      required("/apis/networking.k8s.io/v1/networkpolicies"),
      optional("/apis/policy.networking.k8s.io/v1alpha1/adminnetworkpolicies"),
      optional("/apis/policy.networking.k8s.io/v1alpha1/baselineadminnetworkpolicies"),
      optional("/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies"),
      optional("/apis/gateway.networking.k8s.io/v1/gateways"),
      optional("/apis/gateway.networking.k8s.io/v1/httproutes"),
      optional("/apis/gateway.networking.k8s.io/v1/grpcroutes"),
      optional("/apis/gateway.networking.k8s.io/v1alpha2/tlsroutes"),
      optional("/apis/gateway.networking.k8s.io/v1alpha2/tcproutes"),
      optional("/apis/gateway.networking.k8s.io/v1alpha2/udproutes"),
      optional("/apis/route.openshift.io/v1/routes"));

  /** What it lists, as RBAC names it: {@code pods}. */
  String resource() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static Listing required(String path) {
    return new Listing(path, false);
  }

  private static Listing optional(String path) {
    return new Listing(path, true);
  }
}
