package dev.postern.cli.input;

import dev.postern.meaning.Options;
import dev.postern.meaning.Options.HostNetwork;
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

  @Option(
      names = "--ip-block-matches-pods",
      paramLabel = "<bool>",
      arity = "1",
      description =
          "Whether an ipBlock matches addresses of pods (upstream: true, Cilium: false); default: true.")
  private boolean ipBlockMatchesPods = true;

  @Option(
      names = "--node-traffic-passes",
      paramLabel = "<bool>",
      arity = "1",
      description =
          "Whether traffic between a pod and the node it runs on always passes; default: true.")
  private boolean nodeTrafficPasses = true;

  @Option(
      names = "--host-network",
      paramLabel = "<reading>",
      description =
          "What a pod on the host network is to a NetworkPolicy: ${COMPLETION-CANDIDATES}; default: node.")
  private Reading hostNetwork = Reading.node;

  /** The choices that were made. */
  public Options options() {
    return new Options(
        ipBlockMatchesPods,
        nodeTrafficPasses,
        hostNetwork == Reading.node ? HostNetwork.NODE : HostNetwork.POD);
  }
}
