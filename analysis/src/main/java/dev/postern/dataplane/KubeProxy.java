package dev.postern.dataplane;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How the nodes serve Services: a mode of kube-proxy, or the dataplane itself in its place. */
public enum KubeProxy {
  IPTABLES("iptables"),
  IPVS("ipvs"),
  NFTABLES("nftables"),
  /** Programs of the dataplane replace kube-proxy; what they do is a matter of the dataplane. */
  REPLACED("ebpf");

  private static final String IP_MODE =
      "https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-ip-mode";

  private static final String SOURCE_IP =
      "https://kubernetes.io/docs/tutorials/services/source-ip/";

  private final String word;

  KubeProxy(String word) {
    this.word = word;
  }

  /** How users write it. */
  public String word() {
    return word;
  }

  /** The way of a name. */
  public static Optional<KubeProxy> named(String word) {
    return Arrays.stream(values()).filter(way -> way.word.equals(word)).findFirst();
  }

  /** What is known of it, whatever the dataplane. */
  public List<Fact> facts() {
    return this == REPLACED
        ? List.of()
        : List.of(
            fact(
                Feature.CLIENT_ADDRESS,
                false,
                "the node puts its own in its place, unless `externalTrafficPolicy` is `Local`",
                SOURCE_IP),
            fact(
                Feature.LOAD_BALANCER,
                true,
                "unless the Service's status says `ipMode: Proxy`",
                IP_MODE));
  }

  private static Fact fact(Feature feature, boolean so, String details, String source) {
    return new Fact(feature, so, details, URI.create(source), Optional.empty(), Optional.empty());
  }
}
