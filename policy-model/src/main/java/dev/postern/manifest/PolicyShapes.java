package dev.postern.manifest;

import static dev.postern.manifest.Shapes.LABEL_SELECTOR;

/** The shapes of the four policy kinds: networking.k8s.io/v1 and policy.networking.k8s.io/v1alpha1 and v1alpha2. */
final class PolicyShapes {

  private static final Shape IP_BLOCK = Shape.strict("IPBlock").string("cidr").stringList("except");
  static final Shape PEER = Shape.strict("NetworkPolicyPeer")
      .object(LABEL_SELECTOR, "podSelector", "namespaceSelector")
      .object(IP_BLOCK, "ipBlock");
  private static final Shape PORT = Shape.strict("NetworkPolicyPort")
      .string("protocol")
      .integerOrString("port")
      .integer("endPort")
      .whenMissing("port", "every port of the protocol");
  private static final Shape INGRESS_RULE = Shape.strict("NetworkPolicyIngressRule")
      .list(PORT, "ports")
      .list(PEER, "from")
      .whenMissing("from", "everyone is let in")
      .whenMissing("ports", "on every port");
  private static final Shape EGRESS_RULE = Shape.strict("NetworkPolicyEgressRule")
      .list(PORT, "ports")
      .list(PEER, "to")
      .whenMissing("to", "everyone may be reached")
      .whenMissing("ports", "on every port");
  static final Shape SPEC = Shape.strict("NetworkPolicySpec")
      .object(LABEL_SELECTOR, "podSelector")
      .list(INGRESS_RULE, "ingress")
      .list(EGRESS_RULE, "egress")
      .stringList("policyTypes");

  static final Shape NETWORK_POLICY = Shapes.object("NetworkPolicy").object(SPEC, "spec");

  private static final Shape NAMESPACED_POD =
      Shape.strict("NamespacedPod").object(LABEL_SELECTOR, "namespaceSelector", "podSelector");
  static final Shape SUBJECT =
      Shape.strict("Subject").object(LABEL_SELECTOR, "namespaces").object(NAMESPACED_POD, "pods");

  /** Open: what a peer of a newer API means depends on the rule's action. */
  private static final Shape INGRESS_PEER =
      Shape.open("IngressPeer").object(LABEL_SELECTOR, "namespaces").object(NAMESPACED_POD, "pods");

  private static final Shape EGRESS_PEER = Shape.open("EgressPeer")
      .object(LABEL_SELECTOR, "namespaces", "nodes")
      .object(NAMESPACED_POD, "pods")
      .stringList("networks", "domainNames");

  private static final Shape PORT_NUMBER =
      Shape.strict("Port").string("protocol").integer("port");
  private static final Shape PORT_RANGE =
      Shape.strict("PortRange").string("protocol").integer("start", "end");
  static final Shape ADMIN_PORT = Shape.strict("AdminNetworkPolicyPort")
      .object(PORT_NUMBER, "portNumber")
      .object(PORT_RANGE, "portRange")
      .string("namedPort");
  private static final Shape ADMIN_INGRESS = Shape.strict("AdminNetworkPolicyIngressRule")
      .string("name", "action")
      .list(INGRESS_PEER, "from")
      .list(ADMIN_PORT, "ports");
  private static final Shape ADMIN_EGRESS = Shape.strict("AdminNetworkPolicyEgressRule")
      .string("name", "action")
      .list(EGRESS_PEER, "to")
      .list(ADMIN_PORT, "ports");
  private static final Shape ADMIN_SPEC = Shape.strict("AdminNetworkPolicySpec")
      .integer("priority")
      .object(SUBJECT, "subject")
      .list(ADMIN_INGRESS, "ingress")
      .list(ADMIN_EGRESS, "egress");
  private static final Shape BASELINE_SPEC = Shape.strict("BaselineAdminNetworkPolicySpec")
      .object(SUBJECT, "subject")
      .list(ADMIN_INGRESS, "ingress")
      .list(ADMIN_EGRESS, "egress");

  static final Shape ADMIN_NETWORK_POLICY =
      Shapes.object("AdminNetworkPolicy").object(ADMIN_SPEC, "spec");
  static final Shape BASELINE_ADMIN_NETWORK_POLICY =
      Shapes.object("BaselineAdminNetworkPolicy").object(BASELINE_SPEC, "spec");

  private static final Shape CNP_RANGE = Shape.strict("PortRange").integer("start", "end");
  static final Shape CNP_PORT = Shape.strict("Port").integer("number").object(CNP_RANGE, "range");
  private static final Shape CNP_PROTOCOL_PORT =
      Shape.strict("ClusterNetworkPolicyProtocolPort").object(CNP_PORT, "destinationPort");
  static final Shape CNP_PROTOCOL = Shape.strict("ClusterNetworkPolicyProtocol")
      .object(CNP_PROTOCOL_PORT, "tcp", "udp", "sctp")
      .string("destinationNamedPort");
  private static final Shape CNP_INGRESS = Shape.strict("ClusterNetworkPolicyIngressRule")
      .string("name", "action")
      .list(INGRESS_PEER, "from")
      .list(CNP_PROTOCOL, "protocols");
  private static final Shape CNP_EGRESS = Shape.strict("ClusterNetworkPolicyEgressRule")
      .string("name", "action")
      .list(EGRESS_PEER, "to")
      .list(CNP_PROTOCOL, "protocols");
  private static final Shape CNP_SPEC = Shape.strict("ClusterNetworkPolicySpec")
      .string("tier")
      .integer("priority")
      .object(SUBJECT, "subject")
      .list(CNP_INGRESS, "ingress")
      .list(CNP_EGRESS, "egress");

  static final Shape CLUSTER_NETWORK_POLICY =
      Shapes.object("ClusterNetworkPolicy").object(CNP_SPEC, "spec");

  private PolicyShapes() {}
}
