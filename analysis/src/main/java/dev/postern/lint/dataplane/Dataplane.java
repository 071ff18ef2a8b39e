package dev.postern.lint.dataplane;

import static dev.postern.lint.dataplane.Feature.ADMIN_POLICY;
import static dev.postern.lint.dataplane.Feature.BARE_POD;
import static dev.postern.lint.dataplane.Feature.END_PORT;
import static dev.postern.lint.dataplane.Feature.IP_BLOCK_OF_PODS;
import static dev.postern.lint.dataplane.Feature.NAMED_PORT;
import static dev.postern.lint.dataplane.Feature.NAMED_PORT_OF_BLOCK;
import static dev.postern.lint.dataplane.Feature.NETWORK_POLICY;
import static dev.postern.lint.dataplane.Feature.SCTP;

import dev.postern.meaning.Options;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A program that enforces policies, and the facts known of it.
 *
 * @param name its name, as users write it
 * @param facts each with its source; of a feature without a fact nothing is known
 */
public record Dataplane(String name, List<Fact> facts) {

  private static final List<Dataplane> ALL = List.of(
      of(
          "antrea",
          yes(
              ADMIN_POLICY,
              "from version 1.13",
              "https://antrea.io/docs/main/docs/admin-network-policy/")),
      of(
          "aws",
          no(
              BARE_POD,
              "a pod without owner is not policed",
              "https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html"),
          no(
              NAMED_PORT_OF_BLOCK,
              "the rule is left out",
              "https://github.com/aws/amazon-network-policy-controller-k8s/issues/81")),
      of(
          "azure-cilium",
          no(
              IP_BLOCK_OF_PODS,
              "no pod and no node is in a block",
              "https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium")),
      of(
          "azure-npm",
          no(
              END_PORT,
              "ranges are not read",
              "https://github.com/Azure/azure-container-networking/issues/2313")),
      of("calico", yes(NETWORK_POLICY, "", "https://docs.tigera.io/calico/latest/network-policy/")),
      of(
          "cilium",
          no(
              IP_BLOCK_OF_PODS,
              "no pod is in a block",
              "https://docs.cilium.io/en/stable/network/kubernetes/policy/"),
          no(
              END_PORT,
              "it is ignored before version 1.16",
              "https://github.com/cilium/cilium/issues/28684"),
          no(
              SCTP,
              "unless `sctp.enabled` is set, which is beta",
              "https://docs.cilium.io/en/stable/configuration/sctp/"),
          no(ADMIN_POLICY, "they are not read", "https://github.com/cilium/cilium/issues/23380")),
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
              "Dataplane V2 is Cilium",
              "https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2")),
      of(
          "kindnet",
          no(
              ADMIN_POLICY,
              "only NetworkPolicies are watched",
              "https://github.com/aojea/kindnet/blob/main/install-kindnet.yaml")),
      of(
          "kube-network-policies",
          yes(
              ADMIN_POLICY,
              "where it was installed with install-anp.yaml",
              "https://github.com/kubernetes-sigs/kube-network-policies")),
      of(
          "kube-router",
          no(
              SCTP,
              "it is an open request",
              "https://github.com/cloudnativelabs/kube-router/issues/1019")),
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
              "https://github.com/ovn-kubernetes/ovn-kubernetes/issues/2117")),
      of(
          "weave",
          no(
              NAMED_PORT,
              "the whole policy is refused",
              "https://github.com/weaveworks/weave/pull/3375"),
          no(ADMIN_POLICY, "the project has ended", "https://github.com/weaveworks/weave")));

  public Dataplane {
    facts = List.copyOf(facts);
  }

  private static Dataplane of(String name, Fact... facts) {
    return new Dataplane(name, List.of(facts));
  }

  private static Fact yes(Feature feature, String details, String source) {
    return new Fact(feature, true, details, URI.create(source));
  }

  private static Fact no(Feature feature, String details, String source) {
    return new Fact(feature, false, details, URI.create(source));
  }

  /** All dataplanes of which something is known, by name. */
  public static List<Dataplane> all() {
    return ALL;
  }

  /** The dataplane of a name. */
  public static Optional<Dataplane> named(String name) {
    return ALL.stream().filter(dataplane -> dataplane.name.equals(name)).findFirst();
  }

  /** What is known of a feature. */
  public Optional<Fact> fact(Feature feature) {
    return facts.stream().filter(fact -> fact.feature() == feature).findFirst();
  }

  /** Options of every answer, set as this dataplane does. */
  public Options on(Options options) {
    return fact(IP_BLOCK_OF_PODS)
        .map(fact -> options.withIpBlockMatchesPods(fact.enforced()))
        .orElse(options);
  }
}
