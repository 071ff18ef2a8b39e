package dev.postern.cli.answer;

import dev.postern.answer.AlternativeReading;
import dev.postern.answer.Answer;
import dev.postern.meaning.Options;
import dev.postern.meaning.Options.HostNetwork;
import dev.postern.meaning.Options.MissingAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What else to know about an answer, with the options that make the other choice. */
public final class NoteWords {

  private NoteWords() {}

  static List<String> of(Answer answer) {
    return of(answer.notes(), answer.alternatives());
  }

  /** All of it, a sentence each. */
  public static List<String> of(List<String> notes, List<AlternativeReading> alternatives) {
    return Stream.concat(notes.stream(), alternatives.stream().map(NoteWords::of))
        .toList();
  }

  private static String of(AlternativeReading other) {
    Options options = other.options();
    String because = switch (other.choice()) {
      case IP_BLOCK_MATCHES_PODS ->
        options.ipBlockMatchesPods()
            ? "an ipBlock does not match addresses of pods: --ip-block-matches-pods=true"
            : "an ipBlock matches addresses of pods: --ip-block-matches-pods=false";
      case NODE_TRAFFIC_PASSES ->
        options.nodeTrafficPasses()
            ? "policies judge traffic between a pod and its node: --node-traffic-passes=true"
            : "traffic between a pod and its node passes: --node-traffic-passes=false";
      case HOST_NETWORK ->
        (options.hostNetwork() == HostNetwork.NODE
                ? "a pod on the host network counts as a pod"
                : "a pod on the host network counts as its node")
            + ": --host-network="
            + options.hostNetwork().name().toLowerCase(Locale.ROOT);
      case MISSING_ADDRESS ->
        (options.missingAddress() == MissingAddress.UNMATCHED
                ? "a pod without a known address may have others than those of the blocks"
                : "a pod without a known address is in no block that leaves out some addresses")
            + ": --missing-address="
            + options.missingAddress().name().toLowerCase(Locale.ROOT);
    };
    return "because " + because
        + other
            .verdict()
            .map(verdict -> " says " + verdict.word())
            .orElse(" gives other connections");
  }
}
