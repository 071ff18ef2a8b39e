package dev.postern.cli.reading;

import dev.postern.cli.selection.Settings;
import dev.postern.cli.selection.SettingsFile;
import dev.postern.dataplane.Dataplane;
import dev.postern.dataplane.Fact;
import dev.postern.dataplane.Feature;
import dev.postern.dataplane.KubeProxy;
import dev.postern.meaning.Options;
import dev.postern.meaning.Options.HostNetwork;
import dev.postern.meaning.Options.MissingAddress;
import dev.postern.service.ServiceProxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that judges policies: the choices that Kubernetes leaves to a dataplane. */
public final class ReadingOptions {

  /** The two readings of a pod on the host network, as the command line writes them. */
  enum Reading {
    /** It is its node. */
    node,
    /** It is a pod like any other. */
    pod
  }

  @Mixin
  private DataplaneOptions dataplanes = new DataplaneOptions();

  @Option(
      names = "--ip-block-matches-pods",
      paramLabel = "<bool>",
      arity = "1",
      description =
          "Whether an ipBlock matches addresses of pods (upstream: true, Cilium: false); default: as the dataplane does, else true.")
  private @Nullable Boolean ipBlockMatchesPods;

  @Option(
      names = "--node-traffic-passes",
      paramLabel = "<bool>",
      arity = "1",
      description =
          "Whether traffic between a pod and the node it runs on always passes; default: as the dataplane does, else true.")
  private @Nullable Boolean nodeTrafficPasses;

  @Option(
      names = "--host-network",
      paramLabel = "<reading>",
      description =
          "What a pod on the host network is to a NetworkPolicy: ${COMPLETION-CANDIDATES}; default: as in the dataplane, else node.")
  private @Nullable Reading hostNetwork;

  @Option(
      names = "--missing-address",
      paramLabel = "<reading>",
      description =
          "What an ipBlock or networks makes of a pod without a known address: unmatched (only blocks that leave out no address match it), private (it may have any private or IPv6 address, and what that decides is unknown) or any (of all addresses); default: unmatched.",
      converter = MissingAddressWord.class)
  private @Nullable MissingAddress missingAddress;

  @Option(
      names = "--keeps-client-address",
      paramLabel = "<bool>",
      arity = "1",
      description =
          "Whether pods behind a node port or load balancer see the client's own address for certain; default: as in the dataplane, else false.")
  private @Nullable Boolean keepsClientAddress;

  @Option(
      names = "--load-balancer-short-cut",
      paramLabel = "<bool>",
      arity = "1",
      description =
          "Whether a node answers its pods' calls to a load balancer's address itself, as kube-proxy does; default: as the dataplane does, else true.")
  private @Nullable Boolean loadBalancerShortCut;

  /**
   * The choices that were made: what the options say, else what the dataplane does, else what is common.
   *
   * @param inputs what is read; the first says where to look for settings, which may name the dataplane
   */
  public Readings readings(List<Path> inputs) {
    return readings(settings(inputs));
  }

  /**
   * The nearest settings.
   *
   * @param inputs what is read; the first says where to look
   */
  public Settings settings(List<Path> inputs) {
    return SettingsFile.above(inputs.isEmpty() ? Path.of("") : inputs.get(0))
        .map(SettingsFile::read)
        .orElse(Settings.NONE);
  }

  /**
   * How nodes serve Services; empty if nobody says it.
   *
   * @param inputs what is read; the first says where to look for settings, which may say it
   */
  public Optional<KubeProxy> kubeProxy(List<Path> inputs) {
    return dataplanes.kubeProxy(settings(inputs));
  }

  /** The choices that were made, with settings that were read already. */
  public Readings readings(Settings settings) {
    List<String> notes = new ArrayList<>();
    Optional<Dataplane> dataplane = dataplanes.one(settings);
    Options options = dataplane.map(each -> each.on(Options.DEFAULT)).orElse(Options.DEFAULT);
    ServiceProxy services =
        dataplane.map(each -> each.on(ServiceProxy.DEFAULT)).orElse(ServiceProxy.DEFAULT);
    if (dataplane.isPresent()) {
      note(
          dataplane.get(),
          Feature.IP_BLOCK_OF_PODS,
          options.ipBlockMatchesPods()
              ? "an ipBlock matches addresses of pods"
              : "an ipBlock does not match addresses of pods",
          ipBlockMatchesPods == null ? "" : "--ip-block-matches-pods",
          notes);
      note(
          dataplane.get(),
          Feature.HOST_NETWORK,
          options.hostNetwork() == HostNetwork.NODE
              ? "a pod on the host network counts as its node"
              : "a pod on the host network counts as a pod",
          hostNetwork == null ? "" : "--host-network",
          notes);
      ownNode(dataplane.get(), notes);
      note(
          dataplane.get(),
          Feature.CLIENT_ADDRESS,
          services.keepsClients()
              ? "pods see the client's own address behind node ports and load balancers"
              : "a node may put its own address in the client's place at node ports and load balancers",
          keepsClientAddress == null ? "" : "--keeps-client-address",
          notes);
      note(
          dataplane.get(),
          Feature.LOAD_BALANCER,
          services.shortCutsLoadBalancers()
              ? "a node answers its pods' calls to a load balancer's address itself"
              : "a pod's call to a load balancer's address goes to the load balancer first",
          loadBalancerShortCut == null ? "" : "--load-balancer-short-cut",
          notes);
    }
    return new Readings(explicit(options), explicit(services), notes);
  }

  /**
   * The one dataplane that answers are about.
   *
   * @param inputs what is read; the first says where to look for settings, which may name the dataplane
   */
  public Optional<Dataplane> dataplane(List<Path> inputs) {
    return dataplanes.one(settings(inputs));
  }

  /** The dataplanes that the user names, for what is said of what they do not enforce. */
  public List<Dataplane> dataplanes(Settings settings) {
    return dataplanes.of(settings);
  }

  private Options explicit(Options options) {
    Options set = options;
    if (ipBlockMatchesPods != null) {
      set = set.withIpBlockMatchesPods(ipBlockMatchesPods);
    }
    if (nodeTrafficPasses != null) {
      set = set.withNodeTrafficPasses(nodeTrafficPasses);
    }
    if (missingAddress != null) {
      set = set.withMissingAddress(missingAddress);
    }
    return hostNetwork == null
        ? set
        : set.withHostNetwork(hostNetwork == Reading.node ? HostNetwork.NODE : HostNetwork.POD);
  }

  private ServiceProxy explicit(ServiceProxy services) {
    ServiceProxy set = services;
    if (keepsClientAddress != null) {
      set = set.withKeepsClients(keepsClientAddress);
    }
    return loadBalancerShortCut == null
        ? set
        : set.withShortCutsLoadBalancers(loadBalancerShortCut);
  }

  private static void note(
      Dataplane dataplane, Feature feature, String reading, String option, List<String> notes) {
    dataplane.fact(feature).ifPresent(fact -> add(dataplane, fact, reading, option, notes));
  }

  private static void add(
      Dataplane dataplane, Fact fact, String reading, String option, List<String> notes) {
    String said = (dataplane.name().startsWith("kube-proxy ") ? "" : "dataplane ")
        + dataplane.name() + ": " + reading;
    notes.add(
        option.isEmpty()
            ? said + " (" + fact.source() + ")"
            : said + "; " + option + " of the command line counts instead");
  }

  /** Where the two directions differ, or one is not known, no option says so: the answer has to. */
  private void ownNode(Dataplane dataplane, List<String> notes) {
    String option = nodeTrafficPasses == null ? "" : "--node-traffic-passes";
    Optional<Boolean> passes = dataplane.ownNodePasses();
    if (passes.isPresent()) {
      note(
          dataplane,
          Feature.FROM_OWN_NODE,
          ownNode("between a pod and its node", passes.get()),
          option,
          notes);
      return;
    }
    for (Feature feature : List.of(Feature.FROM_OWN_NODE, Feature.TO_OWN_NODE)) {
      String which = feature == Feature.FROM_OWN_NODE ? "from" : "to";
      Optional<Fact> fact = dataplane.fact(feature);
      fact.ifPresent(known -> note(
          dataplane,
          feature,
          ownNode(which + " a pod's own node", !known.enforced()),
          option,
          notes));
    }
  }

  private static String ownNode(String which, boolean passes) {
    return passes ? "traffic " + which + " passes" : "policies judge traffic " + which;
  }
}
