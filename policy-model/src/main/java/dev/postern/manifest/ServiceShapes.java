package dev.postern.manifest;

/** The shapes of Services and of what stands behind them. */
final class ServiceShapes {

  static final FieldShape SERVICE_PORT = FieldShape.lenient("ServicePort")
      .string("name", "protocol")
      .integer("port", "nodePort")
      .integerOrString("targetPort")
      .any("appProtocol");

  static final FieldShape SERVICE_SPEC = FieldShape.lenient("ServiceSpec")
      .string("type", "clusterIP", "externalName", "externalTrafficPolicy")
      .string("internalTrafficPolicy", "loadBalancerIP")
      .integer("healthCheckNodePort")
      .stringList("clusterIPs", "externalIPs", "loadBalancerSourceRanges")
      .stringMap("selector")
      .list(SERVICE_PORT, "ports")
      .string("ipFamilyPolicy")
      .stringList("ipFamilies")
      .any("allocateLoadBalancerNodePorts", "ipFamily", "loadBalancerClass")
      .any(
          "publishNotReadyAddresses",
          "sessionAffinity",
          "sessionAffinityConfig",
          "topologyKeys",
          "trafficDistribution");

  static final FieldShape SERVICE = Shapes.object("Service").object(SERVICE_SPEC, "spec");

  static final FieldShape OBJECT_REFERENCE = FieldShape.lenient("ObjectReference")
      .string("kind", "name", "namespace")
      .any("apiVersion", "fieldPath", "resourceVersion", "uid");

  static final FieldShape ENDPOINT_PORT = FieldShape.lenient("EndpointPort")
      .string("name", "protocol")
      .integer("port")
      .any("appProtocol");

  static final FieldShape ENDPOINT_ADDRESS = FieldShape.lenient("EndpointAddress")
      .string("ip", "hostname")
      .object(OBJECT_REFERENCE, "targetRef")
      .any("nodeName");

  static final FieldShape ENDPOINT_SUBSET = FieldShape.lenient("EndpointSubset")
      .list(ENDPOINT_ADDRESS, "addresses", "notReadyAddresses")
      .list(ENDPOINT_PORT, "ports");

  static final FieldShape ENDPOINTS = Shapes.object("Endpoints").list(ENDPOINT_SUBSET, "subsets");

  static final FieldShape ENDPOINT = FieldShape.lenient("Endpoint")
      .string("hostname")
      .stringList("addresses")
      .object(OBJECT_REFERENCE, "targetRef")
      .any("conditions", "deprecatedTopology", "hints", "nodeName", "topology", "zone");

  static final FieldShape ENDPOINT_SLICE = Shapes.object("EndpointSlice")
      .string("addressType")
      .list(ENDPOINT, "endpoints")
      .list(ENDPOINT_PORT, "ports");

  static final FieldShape NODE_SPEC = FieldShape.lenient("NodeSpec")
      .any(
          "configSource",
          "externalID",
          "podCIDR",
          "podCIDRs",
          "podPreemptionPolicy",
          "providerID",
          "taints",
          "unschedulable");

  static final FieldShape NODE = Shapes.object("Node").object(NODE_SPEC, "spec");

  static final FieldShape NAMESPACE_SPEC = FieldShape.lenient("NamespaceSpec").any("finalizers");

  static final FieldShape NAMESPACE = Shapes.object("Namespace").object(NAMESPACE_SPEC, "spec");

  private ServiceShapes() {}
}
