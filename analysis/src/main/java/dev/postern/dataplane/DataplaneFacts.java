package dev.postern.dataplane;

import static dev.postern.dataplane.Feature.ADMIN_POLICY;
import static dev.postern.dataplane.Feature.BARE_POD;
import static dev.postern.dataplane.Feature.CLIENT_ADDRESS;
import static dev.postern.dataplane.Feature.END_PORT;
import static dev.postern.dataplane.Feature.FROM_OWN_NODE;
import static dev.postern.dataplane.Feature.HOST_NETWORK;
import static dev.postern.dataplane.Feature.ICMP;
import static dev.postern.dataplane.Feature.IP_BLOCK_OF_PODS;
import static dev.postern.dataplane.Feature.NAMED_PORT;
import static dev.postern.dataplane.Feature.NAMED_PORT_OF_BLOCK;
import static dev.postern.dataplane.Feature.NETWORK_POLICY;
import static dev.postern.dataplane.Feature.OTHER_PROTOCOLS;
import static dev.postern.dataplane.Feature.SCTP;
import static dev.postern.dataplane.Feature.SELF_THROUGH_SERVICE;
import static dev.postern.dataplane.Feature.TUNNELS;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The table of facts, by dataplane. {@code docs/dataplanes.md} shows it. */
final class DataplaneFacts {

  /** That implementations differ in this, and may. */
  private static final String HAIRPIN =
      "https://github.com/kubernetes-sigs/network-policy-api/issues/343";

  static final List<Dataplane> ALL = List.of(
      of(
          "antrea",
          no(
              ADMIN_POLICY,
              "unless its feature gates are set, which are off by default: AdminNetworkPolicy from version 1.13, ClusterNetworkPolicy from 2.7",
              "https://github.com/antrea-io/antrea/blob/main/docs/feature-gates.md")),
      of(
          "aws",
          no(
              BARE_POD,
              "a pod without owner is not policed",
              "https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html"),
          no(
              NAMED_PORT_OF_BLOCK,
              "in egress the port is left out",
              "https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/pkg/resolvers/endpoints.go")),
      of(
          "azure-cilium",
          no(
              IP_BLOCK_OF_PODS,
              "no pod and no node is in a block",
              "https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium")),
      of(
          "azure-npm",
          yes(
              END_PORT,
              "the first versions read the first port of a range alone",
              "https://github.com/Azure/azure-container-networking/blob/master/npm/pkg/controlplane/translation/translatePolicy.go"),
          no(
              HOST_NETWORK,
              "such pods are in no set of addresses",
              "https://github.com/Azure/azure-container-networking/pull/776"),
          no(SELF_THROUGH_SERVICE, "its rules judge that as any other traffic", HAIRPIN)),
      of(
          "calico",
          yes(NETWORK_POLICY, "", "https://docs.tigera.io/calico/latest/network-policy/"),
          yes(
              ADMIN_POLICY,
              "which of these kinds it reads depends on its version",
              "https://github.com/tigera/docs/pull/2416"),
          no(
              HOST_NETWORK,
              "hosts are policed by host endpoints of its own API",
              "https://docs.tigera.io/calico/latest/reference/host-endpoints/overview"),
          no(
              TUNNELS,
              "what a pod sends of it is dropped, unless `allowIPIPPacketsFromWorkloads` or `allowVXLANPacketsFromWorkloads` is set",
              "https://docs.tigera.io/calico/latest/reference/resources/felixconfig"),
          no(SELF_THROUGH_SERVICE, "its rules judge that as any other traffic", HAIRPIN),
          yes(
                  CLIENT_ADDRESS,
                  "the eBPF data plane keeps it",
                  "https://docs.tigera.io/calico/latest/operations/ebpf/install")
              .under(KubeProxy.REPLACED)),
      of(
          "cilium",
          no(
              IP_BLOCK_OF_PODS,
              "no pod is in a block",
              "https://docs.cilium.io/en/stable/network/kubernetes/policy/"),
          no(
                  END_PORT,
                  "it is ignored before version 1.16",
                  "https://github.com/cilium/cilium/issues/28684")
              .before("1.16"),
          no(
              SCTP,
              "unless `sctp.enabled` is set, which is beta",
              "https://docs.cilium.io/en/stable/configuration/sctp/"),
          no(
              ADMIN_POLICY,
              "unless `k8sClusterNetworkPolicy.enabled` is set, and then ClusterNetworkPolicy alone, from version 1.20",
              "https://github.com/cilium/cilium/pull/47227"),
          no(
              HOST_NETWORK,
              "nodes are policed by host policies of its own API",
              "https://docs.cilium.io/en/stable/security/host-firewall/"),
          no(
                  CLIENT_ADDRESS,
                  "the node puts its own in its place, unless `loadBalancer.mode` is `dsr`",
                  "https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/")
              .under(KubeProxy.REPLACED)),
      of(
          "flannel",
          no(
              NETWORK_POLICY,
              "the daemon enforces none; another program has to",
              "https://github.com/flannel-io/flannel/blob/master/README.md")),
      of(
          "gke",
          no(
              IP_BLOCK_OF_PODS,
              "Dataplane V2 is built with Cilium",
              "https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2")),
      of(
          "kindnet",
          no(
              ADMIN_POLICY,
              "only NetworkPolicies are watched",
              "https://github.com/aojea/kindnet/blob/main/install-kindnet.yaml")),
      of(
          "kube-network-policies",
          no(
              ADMIN_POLICY,
              "unless it was installed with install-anp.yaml or install-cnp.yaml",
              "https://github.com/kubernetes-sigs/kube-network-policies")),
      of(
          "kube-ovn",
          no(
              ADMIN_POLICY,
              "unless the controller runs with `--enable-anp`",
              "https://github.com/kubeovn/kube-ovn/blob/master/pkg/controller/config.go"),
          no(
              HOST_NETWORK,
              "they have no port of a logical switch",
              "https://github.com/kubeovn/kube-ovn/blob/master/pkg/controller/network_policy.go"),
          no(
              ICMP,
              "ICMPv6 passes where a policy selects pods on a subnet with IPv6",
              "https://github.com/kubeovn/kube-ovn/blob/master/pkg/ovs/ovn-nb-acl.go")),
      of(
          "kube-router",
          yes(
              SCTP,
              "rules name the protocol as it is written",
              "https://github.com/cloudnativelabs/kube-router/blob/master/pkg/controllers/netpol/network_policy_controller_test.go"),
          no(
              ICMP,
              "echo requests, unreachables and exceeded times pass",
              "https://github.com/cloudnativelabs/kube-router/blob/master/pkg/controllers/netpol/network_policy_controller.go"),
          no(SELF_THROUGH_SERVICE, "its rules judge that as any other traffic", HAIRPIN)),
      of(
          "kubenet",
          no(
              NETWORK_POLICY,
              "it enforces none",
              "https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/network-plugins/")),
      of(
          "ovn-kubernetes",
          yes(
              ADMIN_POLICY,
              "",
              "https://docs.redhat.com/en/documentation/openshift_container_platform/4.17/html/network_security/admin-network-policy"),
          no(
              NAMED_PORT,
              "a name opens every port of its protocol",
              "https://github.com/ovn-kubernetes/ovn-kubernetes/issues/2117"),
          no(
              HOST_NETWORK,
              "they are unaffected",
              "https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/network_security/network-policy"),
          no(
              FROM_OWN_NODE,
              "it cannot be blocked",
              "https://docs.okd.io/latest/networking/network_security/network_policy/about-network-policy.html"),
          yes(
              ICMP,
              "",
              "https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/network_security/network-policy"),
          no(
              OTHER_PROTOCOLS,
              "they pass",
              "https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/network_security/network-policy")),
      of(
          "weave",
          no(
              NAMED_PORT,
              "the whole policy is refused",
              "https://github.com/weaveworks/weave/blob/master/npc/analyser.go"),
          no(ADMIN_POLICY, "the project has ended", "https://github.com/weaveworks/weave"),
          no(SELF_THROUGH_SERVICE, "its rules judge that as any other traffic", HAIRPIN)));

  private DataplaneFacts() {}

  private static Dataplane of(String name, Fact... facts) {
    return new Dataplane(name, List.of(facts));
  }

  private static Fact yes(Feature feature, String details, String source) {
    return fact(feature, true, details, source);
  }

  private static Fact no(Feature feature, String details, String source) {
    return fact(feature, false, details, source);
  }

  private static Fact fact(Feature feature, boolean enforced, String details, String source) {
    return new Fact(
        feature, enforced, details, URI.create(source), Optional.empty(), Optional.empty());
  }
}
