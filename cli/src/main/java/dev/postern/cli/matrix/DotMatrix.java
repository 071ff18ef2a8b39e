package dev.postern.cli.matrix;

import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Printable;
import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import java.util.List;
import java.util.Map;

/** A graph for Graphviz, a cluster a namespace. */
final class DotMatrix implements MatrixFormat.Writer {

  @Override
  public void write(Connectivity connectivity, Printer out) {
    ReachWords words = new ReachWords();
    out.raw("digraph connectivity {");
    out.raw("  rankdir=LR;");
    out.raw(
        "  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\"];");
    out.raw("  edge [fontname=\"sans-serif\", fontsize=10];");
    Map<String, List<Endpoint>> groups = Groups.of(connectivity.endpoints());
    groups.forEach((group, endpoints) -> {
      boolean namespace = !group.isEmpty();
      if (namespace) {
        out.raw("  subgraph " + quoted("cluster_" + group) + " {");
        out.raw("    label=" + quoted(group) + "; style=rounded; color=gray;");
      }
      for (Endpoint endpoint : endpoints) {
        out.raw((namespace ? "    " : "  ") + quoted(endpoint.id()) + " [label="
            + quoted(Groups.shortName(endpoint)) + (namespace ? "" : ", shape=ellipse") + "];");
      }
      if (namespace) {
        out.raw("  }");
      }
    });
    connectivity
        .connections()
        .forEach(c -> out.raw("  " + quoted(c.source().id()) + " -> "
            + quoted(c.destination().id()) + " [label=" + quoted(words.of(c.reach()))
            + (c.reach().allowed().isEmpty() ? ", style=dashed" : "") + "];"));
    out.raw("}");
  }

  private static String quoted(String text) {
    return '"' + Printable.line(text).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
