package dev.postern.cli.input;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.Undetermined;
import dev.postern.reach.IgnoredKinds;
import dev.postern.reach.NotRead;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options by which a user answers for what the manifests leave open. */
public final class Assumptions {

  @Option(
      names = "--ignore-kinds",
      paramLabel = "<kinds>",
      split = ",",
      description =
          "Policies of these kinds do not matter, as CiliumNetworkPolicy or NetworkPolicy.projectcalico.org; all: none that is not read. Without it what they could select is unknown.")
  private List<String> ignored = new ArrayList<>();

  @Option(
      names = "--closed",
      description =
          "The manifests are complete: what is not in them is not there, and a namespace without a manifest has no label but its name.")
  private boolean closed;

  /** Whether the manifests are complete. */
  public boolean isClosed() {
    return closed;
  }

  /** The kinds of policies that do not matter. */
  public IgnoredKinds ignored() {
    return new IgnoredKinds(ignored);
  }

  /** What was read, with what the user says of the rest. */
  public Cluster on(Cluster cluster) {
    return ignored().on(closed ? cluster.closed() : cluster);
  }

  /** What to tell a user of what was not understood and what is not declared, a line each. */
  public static List<String> words(Cluster cluster) {
    List<String> lines = new ArrayList<>();
    List<String> notes = NotRead.notes(cluster);
    if (!notes.isEmpty()) {
      boolean kinds = cluster.unread().stream().anyMatch(IgnoredKinds::isOfKind);
      lines.add(String.join("; ", notes)
          + (kinds ? " (hint: --ignore-kinds names kinds that do not matter)" : ""));
    }
    List<String> namespaces = Undetermined.namespaces(cluster);
    if (!namespaces.isEmpty()) {
      lines.add(
          "policies look at labels of " + NotRead.namespaces(namespaces)
              + ", which no manifest declares (hint: add the manifest, or --closed if there are no labels)");
    }
    return lines;
  }
}
