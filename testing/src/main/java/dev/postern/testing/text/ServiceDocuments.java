package dev.postern.testing.text;

import static dev.postern.testing.text.Tree.map;

import dev.postern.cluster.Service;
import dev.postern.cluster.ServiceFamilies;
import dev.postern.net.Address;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Service, and the EndpointSlices behind one that selects nothing. */
final class ServiceDocuments {

  private ServiceDocuments() {}

  static List<Map<String, Object>> of(Service service) {
    List<Map<String, Object>> documents = new ArrayList<>();
    Map<String, Object> document = Tree.document(
        "v1", "Service", Tree.metadata(service.namespace(), service.name(), Labels.NONE));
    document.put("spec", spec(service));
    if (!service.exposure().loadBalancers().isEmpty()) {
      document.put("status", status(service.exposure()));
    }
    documents.add(document);
    for (Service.SliceEndpoint endpoint : service.endpoints()) {
      documents.add(slice(service, endpoint, documents.size()));
    }
    return documents;
  }

  private static Map<String, Object> spec(Service service) {
    Map<String, Object> spec = map("type", type(service.type()));
    if (service.type() == Service.Type.EXTERNAL_NAME) {
      spec.put("externalName", service.externalName());
      return spec;
    }
    if (service.headless()) {
      spec.put("clusterIP", "None");
    } else if (!service.clusterIps().isEmpty()) {
      spec.put("clusterIP", service.clusterIps().get(0).toString());
      spec.put(
          "clusterIPs", service.clusterIps().stream().map(Address::toString).toList());
    }
    families(service.families(), spec);
    if (service.localTrafficOnly()) {
      spec.put("externalTrafficPolicy", "Local");
    }
    exposure(service.exposure(), spec);
    service.selector().ifPresent(selector -> spec.put("selector", equalities(selector)));
    List<Object> ports = new ArrayList<>();
    for (Service.Port port : service.ports()) {
      Map<String, Object> tree = map();
      if (!port.name().isEmpty()) {
        tree.put("name", port.name());
      }
      tree.put("protocol", port.protocol().name());
      tree.put("port", port.port());
      tree.put(
          "targetPort",
          port.target() instanceof Service.Target.Number number
              ? number.port()
              : ((Service.Target.Named) port.target()).name());
      port.nodePort().ifPresent(nodePort -> tree.put("nodePort", nodePort));
      ports.add(tree);
    }
    spec.put("ports", ports);
    return spec;
  }

  private static void families(ServiceFamilies families, Map<String, Object> spec) {
    if (!families.named().isEmpty()) {
      spec.put("ipFamilies", families.named().stream().map(Family::word).toList());
    }
    switch (families.reach()) {
      case ONE, AS_LISTED -> {}
      case ALL_THERE_ARE -> spec.put("ipFamilyPolicy", "PreferDualStack");
      case BOTH -> spec.put("ipFamilyPolicy", "RequireDualStack");
    }
  }

  private static void exposure(Service.ExternalAccess exposure, Map<String, Object> spec) {
    if (!exposure.externalIps().isEmpty()) {
      spec.put(
          "externalIPs", exposure.externalIps().stream().map(Address::toString).toList());
    }
    exposure.requestedIp().ifPresent(address -> spec.put("loadBalancerIP", address.toString()));
    exposure.healthCheckNodePort().ifPresent(port -> spec.put("healthCheckNodePort", port));
    if (exposure.internalTrafficLocal()) {
      spec.put("internalTrafficPolicy", "Local");
    }
    if (!exposure.sourceRanges().isEmpty()) {
      spec.put(
          "loadBalancerSourceRanges",
          exposure.sourceRanges().stream().map(Cidr::toString).toList());
    }
  }

  private static Map<String, Object> status(Service.ExternalAccess exposure) {
    List<Object> ingress = new ArrayList<>();
    for (Service.LoadBalancer front : exposure.loadBalancers()) {
      Map<String, Object> tree = map();
      front.address().ifPresent(address -> {
        tree.put("ip", address.toString());
        tree.put("ipMode", front.proxy() ? "Proxy" : "VIP");
      });
      if (!front.hostname().isEmpty()) {
        tree.put("hostname", front.hostname());
      }
      ingress.add(tree);
    }
    return map("loadBalancer", map("ingress", ingress));
  }

  /** A Service selects by equality only. */
  private static Map<String, Object> equalities(Selector selector) {
    Map<String, Object> labels = map();
    for (Requirement requirement : selector.requirements()) {
      if (requirement.operator() != Requirement.Operator.IN
          || requirement.values().size() != 1
          || labels.put(requirement.key(), requirement.values().get(0)) != null) {
        throw new IllegalArgumentException("no Service selects " + selector);
      }
    }
    return labels;
  }

  private static Map<String, Object> slice(
      Service service, Service.SliceEndpoint endpoint, int number) {
    Map<String, Object> metadata = Tree.metadata(
        service.namespace(),
        service.name() + "-" + number,
        Labels.NONE.with("kubernetes.io/service-name", service.name()));
    Map<String, Object> document = Tree.document("discovery.k8s.io/v1", "EndpointSlice", metadata);
    document.put("addressType", endpoint.address().family().word());
    Map<String, Object> tree = map("addresses", List.of(endpoint.address().toString()));
    endpoint
        .pod()
        .ifPresent(pod -> tree.put(
            "targetRef", map("kind", "Pod", "namespace", service.namespace(), "name", pod)));
    if (!endpoint.hostname().isEmpty()) {
      tree.put("hostname", endpoint.hostname());
    }
    document.put("endpoints", List.of(tree));
    List<Object> ports = new ArrayList<>();
    for (Service.EndpointPort port : endpoint.ports()) {
      ports.add(map("name", port.name(), "protocol", port.protocol().name(), "port", port.port()));
    }
    document.put("ports", ports);
    return document;
  }

  private static String type(Service.Type type) {
    return switch (type) {
      case CLUSTER_IP -> "ClusterIP";
      case NODE_PORT -> "NodePort";
      case LOAD_BALANCER -> "LoadBalancer";
      case EXTERNAL_NAME -> "ExternalName";
    };
  }
}
