package dev.postern.backend;

import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.meaning.Options;

/**
 * Another way that packets take through a node than to be forwarded, with the rules that they meet there.
 *
 * @param kind which packets take it
 * @param rules the rules on the way
 * @param contract what the target promises there; packets that do not take the way are waived
 */
public record PacketPath(Kind kind, EnforcedRules rules, Contract contract) {

  /** Which packets take a way. */
  public enum Kind {
    /** What a virtual server (IPVS) of the node gives to a pod. */
    THROUGH_VIRTUAL_SERVER(
        "INPUT and OUTPUT, not FORWARD: IPVS takes the packet from a Service's address to the pod"),
    /** What the flows of a bridge give to an endpoint of a Service. */
    THROUGH_SERVICE_TABLES(
        "the tables of Services: the packet was to a Service, and its destination is set to the pod"),
    /** What comes to the node itself. */
    TO_NODE("INPUT, not FORWARD: the packet is to the node itself"),
    /** What the node itself sends. */
    FROM_NODE("OUTPUT, not FORWARD: the node itself sends the packet");

    private final String hooks;

    Kind(String hooks) {
      this.hooks = hooks;
    }

    /** The hooks of the way and why the packet takes them, in words. */
    public String hooks() {
      return hooks;
    }
  }

  /**
   * Whether policies are about these packets: what a node and its own pods exchange always passes, and pods on the host network are their
   * nodes, unless an option says otherwise.
   */
  public boolean isPoliced(Options options) {
    return kind == Kind.THROUGH_VIRTUAL_SERVER
        || kind == Kind.THROUGH_SERVICE_TABLES
        || !options.nodeTrafficPasses()
        || options.hostNetwork() == Options.HostNetwork.POD;
  }
}
