package dev.postern.summary;

import dev.postern.net.Traffic;
import dev.postern.policy.Policy;
import dev.postern.reach.Endpoint;
import java.util.List;

/**
 * How exposed the pods of one workload are.
 *
 * @param pods the workload, or those of its pods that behave alike
 * @param ingress who can reach them
 * @param egress whom they can reach
 * @param policies the policies of all kinds that select them
 */
public record Exposure(
    Endpoint.Pods pods, ExposedSide ingress, ExposedSide egress, List<Policy> policies) {

  public Exposure {
    policies = List.copyOf(policies);
  }

  /** How far one side is open, the widest first. */
  public enum Openness {
    /** To every address outside, of the families that the pods have. */
    INTERNET("the internet"),
    /** To some addresses outside. */
    OUTSIDE("some addresses outside"),
    /** To every pod there is. */
    CLUSTER("the whole cluster"),
    /** To pods of other namespaces. */
    NAMESPACES("other namespaces"),
    /** To pods of their own namespace only. */
    NAMESPACE("their own namespace"),
    /** To nobody. */
    NOBODY("nobody");

    private final String words;

    Openness(String words) {
      this.words = words;
    }

    /** {@code the whole cluster}. */
    public String words() {
      return words;
    }
  }

  /**
   * One side.
   *
   * @param isolated whether a NetworkPolicy isolates it, so that what no rule allows is denied
   * @param reach how far it is open, what may pass for all that is known included
   * @param peers at the other end, by what passes; nobody if there are none
   */
  public record ExposedSide(boolean isolated, Openness reach, List<PeerTraffic> peers) {
    public ExposedSide {
      peers = List.copyOf(peers);
    }
  }

  /**
   * Other ends with which the same passes.
   *
   * @param groups who, in the fewest phrases
   * @param allowed what passes for certain
   * @param possible what passes or may pass
   */
  public record PeerTraffic(List<EndpointGroup> groups, Traffic allowed, Traffic possible) {
    public PeerTraffic {
      groups = List.copyOf(groups);
    }
  }
}
