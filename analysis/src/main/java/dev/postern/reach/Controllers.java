package dev.postern.reach;

import dev.postern.cluster.Workload;
import java.util.List;
import java.util.Set;

/** Ingress and gateway controllers, told by the labels that their own manifests and charts put on their pods. */
final class Controllers {

  private static final List<String> NAME_KEYS =
      List.of("app.kubernetes.io/name", "app.kubernetes.io/component", "app", "k8s-app");

  private static final Set<String> NAMES = Set.of(
      "ingress-nginx",
      "nginx-ingress",
      "nginx-ingress-controller",
      "traefik",
      "haproxy-ingress",
      "kubernetes-ingress",
      "contour",
      "envoy",
      "kong",
      "istio-ingressgateway",
      "ingress-controller");

  /** OpenShift's router. */
  private static final String OPENSHIFT =
      "ingresscontroller.operator.openshift.io/deployment-ingresscontroller";

  private Controllers() {}

  static boolean isController(Workload workload) {
    return workload.labels().get(OPENSHIFT).isPresent()
        || NAME_KEYS.stream()
            .anyMatch(key -> workload.labels().get(key).filter(NAMES::contains).isPresent());
  }
}
