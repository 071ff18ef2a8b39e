package dev.postern.manifest;

import static dev.postern.manifest.Shapes.LABEL_SELECTOR;

/** The shapes of the four policy kinds: networking.k8s.io/v1 and policy.networking.k8s.io/v1alpha1 and v1alpha2. */
final class PolicyShapes {

  private static final FieldShape IP_BLOCK =
      FieldShape.strict("IPBlock").string("cidr").stringList("except");
  static final FieldShape PEER = FieldShape.strict("NetworkPolicyPeer")
      .object(LABEL_SELECTOR, "podSelector", "namespaceSelector")
      .object(IP_BLOCK, "ipBlock");
  private static final FieldShape PORT = FieldShape.strict("NetworkPolicyPort")
      .string("protocol")
      .integerOrString("port")
      .integer("endPort")
      .whenMissing("port", "every port of the protocol");
  private static final FieldShape INGRESS_RULE = FieldShape.strict("NetworkPolicyIngressRule")
      .list(PORT, "ports")
      .list(PEER, "from")
      .whenMissing("from", "everyone is let in")
      .whenMissing("ports", "on every port");
  private static final FieldShape EGRESS_RULE = FieldShape.strict("NetworkPolicyEgressRule")
      .list(PORT, "ports")
      .list(PEER, "to")
      .whenMissing("to", "everyone may be reached")
      .whenMissing("ports", "on every port");
  static final FieldShape SPEC = FieldShape.strict("NetworkPolicySpec")
      .object(LABEL_SELECTOR, "podSelector")
      .whenMissing("podSelector", "every pod of the namespace is selected")
      .list(INGRESS_RULE, "ingress")
      .list(EGRESS_RULE, "egress")
      .stringList("policyTypes");

  static final FieldShape NETWORK_POLICY = Shapes.object("NetworkPolicy").object(SPEC, "spec");

  private static final FieldShape NAMESPACED_POD =
      FieldShape.strict("NamespacedPod").object(LABEL_SELECTOR, "namespaceSelector", "podSelector");
  static final FieldShape SUBJECT = FieldShape.strict("Subject")
      .object(LABEL_SELECTOR, "namespaces")
      .object(NAMESPACED_POD, "pods");

  /** Open: what a peer of a newer API means depends on the rule's action. */
  private static final FieldShape INGRESS_PEER = FieldShape.open("IngressPeer")
      .object(LABEL_SELECTOR, "namespaces")
      .object(NAMESPACED_POD, "pods");

  private static final FieldShape EGRESS_PEER = FieldShape.open("EgressPeer")
      .object(LABEL_SELECTOR, "namespaces", "nodes")
      .object(NAMESPACED_POD, "pods")
      .stringList("networks", "domainNames");

  private static final FieldShape PORT_NUMBER =
      FieldShape.strict("Port").string("protocol").integer("port");
  private static final FieldShape PORT_RANGE =
      FieldShape.strict("PortRange").string("protocol").integer("start", "end");
  static final FieldShape ADMIN_PORT = FieldShape.strict("AdminNetworkPolicyPort")
      .object(PORT_NUMBER, "portNumber")
      .object(PORT_RANGE, "portRange")
      .string("namedPort");
  private static final FieldShape ADMIN_INGRESS = FieldShape.strict("AdminNetworkPolicyIngressRule")
      .string("name", "action")
      .list(INGRESS_PEER, "from")
      .list(ADMIN_PORT, "ports");
  private static final FieldShape ADMIN_EGRESS = FieldShape.strict("AdminNetworkPolicyEgressRule")
      .string("name", "action")
      .list(EGRESS_PEER, "to")
      .list(ADMIN_PORT, "ports");
  private static final FieldShape ADMIN_SPEC = FieldShape.strict("AdminNetworkPolicySpec")
      .integer("priority")
      .object(SUBJECT, "subject")
      .list(ADMIN_INGRESS, "ingress")
      .list(ADMIN_EGRESS, "egress");
  private static final FieldShape BASELINE_SPEC = FieldShape.strict(
          "BaselineAdminNetworkPolicySpec")
      .object(SUBJECT, "subject")
      .list(ADMIN_INGRESS, "ingress")
      .list(ADMIN_EGRESS, "egress");

  static final FieldShape ADMIN_NETWORK_POLICY =
      Shapes.object("AdminNetworkPolicy").object(ADMIN_SPEC, "spec");
  static final FieldShape BASELINE_ADMIN_NETWORK_POLICY =
      Shapes.object("BaselineAdminNetworkPolicy").object(BASELINE_SPEC, "spec");

  private static final FieldShape CNP_RANGE =
      FieldShape.strict("PortRange").integer("start", "end");
  static final FieldShape CNP_PORT =
      FieldShape.strict("Port").integer("number").object(CNP_RANGE, "range");
  private static final FieldShape CNP_PROTOCOL_PORT =
      FieldShape.strict("ClusterNetworkPolicyProtocolPort").object(CNP_PORT, "destinationPort");
  static final FieldShape CNP_PROTOCOL = FieldShape.strict("ClusterNetworkPolicyProtocol")
      .object(CNP_PROTOCOL_PORT, "tcp", "udp", "sctp")
      .string("destinationNamedPort");
  private static final FieldShape CNP_INGRESS = FieldShape.strict("ClusterNetworkPolicyIngressRule")
      .string("name", "action")
      .list(INGRESS_PEER, "from")
      .list(CNP_PROTOCOL, "protocols");
  private static final FieldShape CNP_EGRESS = FieldShape.strict("ClusterNetworkPolicyEgressRule")
      .string("name", "action")
      .list(EGRESS_PEER, "to")
      .list(CNP_PROTOCOL, "protocols");
  private static final FieldShape CNP_SPEC = FieldShape.strict("ClusterNetworkPolicySpec")
      .string("tier")
      .integer("priority")
      .object(SUBJECT, "subject")
      .list(CNP_INGRESS, "ingress")
      .list(CNP_EGRESS, "egress");

  static final FieldShape CLUSTER_NETWORK_POLICY =
      Shapes.object("ClusterNetworkPolicy").object(CNP_SPEC, "spec");

  private PolicyShapes() {}
}
