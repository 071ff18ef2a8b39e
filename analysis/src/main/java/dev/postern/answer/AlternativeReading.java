package dev.postern.answer;

import dev.postern.meaning.Options;
import java.util.Optional;

/**
 * What an answer would be if one choice that Kubernetes leaves to a dataplane were made the other way.
 *
 * @param choice the choice
 * @param options the options of the other reading, which differ in that choice only from those of the answer
 * @param verdict the verdict then; empty if it is the same, and other connections pass
 */
public record AlternativeReading(Choice choice, Options options, Optional<Answer.Verdict> verdict) {

  /** A choice that Kubernetes leaves to a dataplane, or that what the manifests do not say leaves open. */
  public enum Choice {
    /** {@link Options#ipBlockMatchesPods}. */
    IP_BLOCK_MATCHES_PODS,
    /** {@link Options#nodeTrafficPasses}. */
    NODE_TRAFFIC_PASSES,
    /** {@link Options#hostNetwork}. */
    HOST_NETWORK,
    /** {@link Options#missingAddress}. */
    MISSING_ADDRESS;

    /** Options with this choice made the other way. */
    Options turned(Options options) {
      return switch (this) {
        case IP_BLOCK_MATCHES_PODS -> options.withIpBlockMatchesPods(!options.ipBlockMatchesPods());
        case NODE_TRAFFIC_PASSES -> options.withNodeTrafficPasses(!options.nodeTrafficPasses());
        case HOST_NETWORK ->
          options.withHostNetwork(
              options.hostNetwork() == Options.HostNetwork.NODE
                  ? Options.HostNetwork.POD
                  : Options.HostNetwork.NODE);
        case MISSING_ADDRESS ->
          options.withMissingAddress(
              options.missingAddress() == Options.MissingAddress.UNMATCHED
                  ? Options.MissingAddress.PRIVATE
                  : Options.MissingAddress.UNMATCHED);
      };
    }
  }

  /** What an answer would be; empty if it is the same. */
  static Optional<AlternativeReading> of(
      Choice choice, Options options, Answer answer, Answer other) {
    if (answer.verdict() != other.verdict()) {
      return Optional.of(new AlternativeReading(choice, options, Optional.of(other.verdict())));
    }
    return answer.passing().equals(other.passing())
        ? Optional.empty()
        : Optional.of(new AlternativeReading(choice, options, Optional.empty()));
  }
}
