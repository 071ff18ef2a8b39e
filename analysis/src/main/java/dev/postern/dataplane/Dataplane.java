package dev.postern.dataplane;

import dev.postern.meaning.Options;
import dev.postern.meaning.Options.HostNetwork;
import dev.postern.service.ServiceProxy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program that enforces policies, and the facts known of it.
 *
 * @param name its name, as users write it; with a version, if that is known: {@code cilium@1.16}
 * @param facts each with its source; of a feature without a fact nothing is known
 */
public record Dataplane(String name, List<Fact> facts) {

  public Dataplane {
    facts = List.copyOf(facts);
  }

  /** All dataplanes of which something is known, by name. */
  public static List<Dataplane> all() {
    return DataplaneFacts.ALL;
  }

  /** The dataplane of a name, which a version may follow: {@code cilium}, {@code cilium@1.16}. */
  public static Optional<Dataplane> named(String name) {
    int at = name.indexOf('@');
    String program = at < 0 ? name : name.substring(0, at);
    Optional<Dataplane> known =
        all().stream().filter(dataplane -> dataplane.name.equals(program)).findFirst();
    return at < 0
        ? known
        : known.flatMap(dataplane -> DataplaneVersion.parse(name.substring(at + 1))
            .map(version -> dataplane.at(version, name)));
  }

  private Dataplane at(DataplaneVersion version, String called) {
    return new Dataplane(
        called, facts.stream().filter(fact -> fact.isTrueOf(version)).toList());
  }

  /** The same where Services are served in this way. */
  public Dataplane under(KubeProxy way) {
    return new Dataplane(
        name,
        Stream.concat(
                facts.stream()
                    .map(fact -> fact.under().filter(way::equals).isPresent()
                        ? new Fact(
                            fact.feature(),
                            fact.enforced(),
                            fact.details(),
                            fact.source(),
                            fact.before(),
                            Optional.empty())
                        : fact),
                way.facts().stream())
            .toList());
  }

  /** What is known of a feature, however Services are served. */
  public Optional<Fact> fact(Feature feature) {
    return facts.stream()
        .filter(fact -> fact.feature() == feature && fact.under().isEmpty())
        .findFirst();
  }

  /** Options of every answer, set as this dataplane does where that is known. */
  public Options on(Options options) {
    Options set = options;
    Optional<Fact> blocks = fact(Feature.IP_BLOCK_OF_PODS);
    if (blocks.isPresent()) {
      set = set.withIpBlockMatchesPods(blocks.get().enforced());
    }
    Optional<Fact> host = fact(Feature.HOST_NETWORK);
    if (host.isPresent()) {
      set = set.withHostNetwork(host.get().enforced() ? HostNetwork.POD : HostNetwork.NODE);
    }
    return ownNodePasses().map(set::withNodeTrafficPasses).orElse(set);
  }

  /** Whether traffic between a pod and its node passes; empty if that is not known, or not the same in both directions. */
  public Optional<Boolean> ownNodePasses() {
    Optional<Boolean> in = fact(Feature.FROM_OWN_NODE).map(fact -> !fact.enforced());
    Optional<Boolean> out = fact(Feature.TO_OWN_NODE).map(fact -> !fact.enforced());
    return in.equals(out) ? in : Optional.empty();
  }

  /** How Services are served, set as this dataplane does where that is known. */
  public ServiceProxy on(ServiceProxy services) {
    ServiceProxy set = services;
    Optional<Fact> client = fact(Feature.CLIENT_ADDRESS);
    if (client.isPresent()) {
      set = set.withKeepsClients(client.get().enforced());
    }
    return fact(Feature.LOAD_BALANCER)
        .map(Fact::enforced)
        .map(set::withShortCutsLoadBalancers)
        .orElse(set);
  }
}
