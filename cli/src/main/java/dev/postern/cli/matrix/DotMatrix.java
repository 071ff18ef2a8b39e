package dev.postern.cli.matrix;

import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** A graph for Graphviz, a cluster a namespace. */
final class DotMatrix implements MatrixFormat.Writer {

  @Override
  public void write(Connectivity connectivity, PrintWriter out) {
    ReachWords words = new ReachWords();
    out.println("digraph connectivity {");
    out.println("  rankdir=LR;");
    out.println(
        "  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\"];");
    out.println("  edge [fontname=\"sans-serif\", fontsize=10];");
    Map<String, List<Endpoint>> groups = Groups.of(connectivity.endpoints());
    groups.forEach((group, endpoints) -> {
      boolean namespace = !group.isEmpty();
      if (namespace) {
        out.println("  subgraph " + quoted("cluster_" + group) + " {");
        out.println("    label=" + quoted(group) + "; style=rounded; color=gray;");
      }
      for (Endpoint endpoint : endpoints) {
        out.println((namespace ? "    " : "  ") + quoted(endpoint.id()) + " [label="
            + quoted(Groups.shortName(endpoint)) + (namespace ? "" : ", shape=ellipse") + "];");
      }
      if (namespace) {
        out.println("  }");
      }
    });
    connectivity
        .connections()
        .forEach(c -> out.println("  " + quoted(c.source().id()) + " -> "
            + quoted(c.destination().id()) + " [label=" + quoted(words.of(c.reach()))
            + (c.reach().allowed().isEmpty() ? ", style=dashed" : "") + "];"));
    out.println("}");
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
