package dev.postern.cli.proof;

import dev.postern.backend.Obligation;
import dev.postern.backend.Scope;
import dev.postern.cli.console.UserError;
import dev.postern.cluster.Cluster;
import dev.postern.dataplane.Dataplane;
import dev.postern.dataplane.Feature;
import dev.postern.enforced.Contract;
import dev.postern.meaning.Options;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The kinds of packets that may pass or not.
 *
 * @param asked those that somebody asked for
 * @param usual those of which the dataplane is known to think otherwise than the policies, where nobody asked for anything
 */
public record LeftOpen(List<Obligation> asked, List<Usual> usual) {

  private static final String NOTHING = "none";

  /** "NetworkPolicies apply to a connection with a pod on one or both ends, and are not relevant to other connections." */
  private static final URI POLICIES =
      URI.create("https://kubernetes.io/docs/concepts/services-networking/network-policies/");

  private static final URI VIRTUAL_ADDRESSES =
      URI.create("https://kubernetes.io/docs/reference/networking/virtual-ips/");

  private static final Map<Feature, Obligation> KINDS = new EnumMap<>(Map.of(
      Feature.ICMP, Obligation.ICMP,
      Feature.OTHER_PROTOCOLS, Obligation.OTHER_PROTOCOLS,
      Feature.TUNNELS, Obligation.TUNNELS,
      Feature.SELF_THROUGH_SERVICE, Obligation.SELF_THROUGH_SERVICE));

  /**
   * What a dataplane does whatever the policies say.
   *
   * @param dataplane its name
   * @param source where it is documented
   */
  public record Usual(Obligation obligation, String dataplane, URI source) {}

  public LeftOpen {
    asked = List.copyOf(asked);
    usual = List.copyOf(usual);
  }

  /**
   * What words of a command line leave open; without any, what the dataplane does.
   *
   * @throws UserError if a word is no kind of packets
   */
  public static LeftOpen of(List<String> words, Optional<Dataplane> dataplane) {
    if (words.isEmpty()) {
      return new LeftOpen(List.of(), dataplane.map(LeftOpen::usual).orElse(List.of()));
    }
    if (words.equals(List.of(NOTHING))) {
      return new LeftOpen(List.of(), List.of());
    }
    return new LeftOpen(
        words.stream()
            .map(word -> DeviationWords.obligation(word)
                .orElseThrow(() -> new UserError("postern prove: error: --leave-open takes any of "
                    + String.join(", ", DeviationWords.all()) + ", or " + NOTHING + ", not "
                    + word)))
            .distinct()
            .sorted()
            .toList(),
        List.of());
  }

  /** What policies say nothing of nobody's dataplane is held to, and what it is documented to do. */
  private static List<Usual> usual(Dataplane dataplane) {
    List<Usual> usual = new ArrayList<>();
    usual.add(new Usual(Obligation.NON_POD, dataplane.name(), POLICIES));
    usual.add(new Usual(Obligation.CLUSTER_IPS, dataplane.name(), VIRTUAL_ADDRESSES));
    KINDS.forEach((feature, obligation) -> dataplane
        .fact(feature)
        .filter(fact -> !fact.enforced())
        .ifPresent(fact -> usual.add(new Usual(obligation, dataplane.name(), fact.source()))));
    usual.sort(Comparator.comparing(Usual::obligation));
    return usual;
  }

  /** A contract that leaves them open. */
  public Contract on(Contract promised, Cluster cluster, Scope scope, Options options) {
    Contract contract = promised;
    for (Obligation obligation : asked) {
      contract = obligation.leftOpen(contract, cluster, scope, options);
    }
    for (Usual each : usual) {
      contract = each.obligation().leftOpen(contract, cluster, scope, options);
    }
    return contract;
  }
}
