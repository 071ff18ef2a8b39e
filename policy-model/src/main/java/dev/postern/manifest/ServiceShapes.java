package dev.postern.manifest;

/** The shapes of Services and of what stands behind them. */
final class ServiceShapes {

  static final Shape SERVICE_PORT = Shape.lenient("ServicePort")
      .string("name", "protocol")
      .integer("port", "nodePort")
      .integerOrString("targetPort")
      .any("appProtocol");

  static final Shape SERVICE_SPEC = Shape.lenient("ServiceSpec")
      .string("type", "clusterIP", "externalName", "externalTrafficPolicy")
      .string("internalTrafficPolicy", "loadBalancerIP")
      .integer("healthCheckNodePort")
      .stringList("clusterIPs", "externalIPs", "loadBalancerSourceRanges")
      .stringMap("selector")
      .list(SERVICE_PORT, "ports")
      .any("allocateLoadBalancerNodePorts", "ipFamilies")
      .any("ipFamily", "ipFamilyPolicy", "loadBalancerClass")
      .any(
          "publishNotReadyAddresses",
          "sessionAffinity",
          "sessionAffinityConfig",
          "topologyKeys",
          "trafficDistribution");

  static final Shape SERVICE = Shapes.object("Service").object(SERVICE_SPEC, "spec");

  static final Shape OBJECT_REFERENCE = Shape.lenient("ObjectReference")
      .string("kind", "name", "namespace")
      .any("apiVersion", "fieldPath", "resourceVersion", "uid");

  static final Shape ENDPOINT_PORT =
      Shape.lenient("EndpointPort").string("name", "protocol").integer("port").any("appProtocol");

  static final Shape ENDPOINT_ADDRESS = Shape.lenient("EndpointAddress")
      .string("ip")
      .object(OBJECT_REFERENCE, "targetRef")
      .any("hostname", "nodeName");

  static final Shape ENDPOINT_SUBSET = Shape.lenient("EndpointSubset")
      .list(ENDPOINT_ADDRESS, "addresses", "notReadyAddresses")
      .list(ENDPOINT_PORT, "ports");

  static final Shape ENDPOINTS = Shapes.object("Endpoints").list(ENDPOINT_SUBSET, "subsets");

  static final Shape ENDPOINT = Shape.lenient("Endpoint")
      .stringList("addresses")
      .object(OBJECT_REFERENCE, "targetRef")
      .any("conditions", "deprecatedTopology", "hints", "hostname", "nodeName", "topology", "zone");

  static final Shape ENDPOINT_SLICE = Shapes.object("EndpointSlice")
      .string("addressType")
      .list(ENDPOINT, "endpoints")
      .list(ENDPOINT_PORT, "ports");

  static final Shape NODE_SPEC = Shape.lenient("NodeSpec")
      .any(
          "configSource",
          "externalID",
          "podCIDR",
          "podCIDRs",
          "podPreemptionPolicy",
          "providerID",
          "taints",
          "unschedulable");

  static final Shape NODE = Shapes.object("Node").object(NODE_SPEC, "spec");

  static final Shape NAMESPACE_SPEC = Shape.lenient("NamespaceSpec").any("finalizers");

  static final Shape NAMESPACE = Shapes.object("Namespace").object(NAMESPACE_SPEC, "spec");

  private ServiceShapes() {}
}
