package dev.postern.examples;

import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import dev.postern.reach.Reachability;
import dev.postern.replay.SeenFlows;
import dev.postern.suggestion.PolicyText;
import dev.postern.suggestion.Suggestion;
import dev.postern.suggestion.SuggestionOptions;
import dev.postern.suggestion.SuggestionProof;
import dev.postern.traffic.TrafficLog;
import dev.postern.traffic.format.FlowFormats;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Policies from recorded traffic: what passed passes, and nothing else. They are proved as they were written, before anybody applies them. */
public final class SuggestPolicies {

  private SuggestPolicies() {}

  public static void main(String... arguments) throws IOException {
    System.out.print(policies(Path.of(arguments[0]), Path.of(arguments[1])));
  }

  static String policies(Path log, Path manifests) throws IOException {
    Cluster cluster = Manifests.load(manifests).cluster();
    Reachability today = Reachability.of(Plan.of(cluster));
    SeenFlows seen = new SeenFlows(today.plan());
    try (InputStream bytes = Files.newInputStream(log)) {
      TrafficLog.read(log.toString(), bytes, FlowFormats.ALL, seen);
    }
    Suggestion suggestion = Suggestion.of(today, seen.known().passed(), SuggestionOptions.DEFAULT);
    String text = PolicyText.of(suggestion.policies());
    List<Policy> read =
        Manifests.read(Source.text("suggested.yaml", text)).cluster().policies();
    SuggestionProof proof = SuggestionProof.of(suggestion, read, cluster, Options.DEFAULT);
    if (!proof.isWhole()) {
      throw new IllegalStateException("other policies stop what was seen: " + proof.stopped());
    }
    return text;
  }
}
