package dev.postern.cli.matrix;

import dev.postern.cli.console.Dot;
import dev.postern.cli.console.Printer;
import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import dev.postern.wording.ReachWords;
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
        out.raw("  subgraph " + Dot.quoted("cluster_" + group) + " {");
        out.raw("    label=" + Dot.quoted(group) + "; style=rounded; color=gray;");
      }
      for (Endpoint endpoint : endpoints) {
        out.raw((namespace ? "    " : "  ") + Dot.quoted(endpoint.id()) + " [label="
            + Dot.quoted(Groups.shortName(endpoint)) + (namespace ? "" : ", shape=ellipse") + "];");
      }
      if (namespace) {
        out.raw("  }");
      }
    });
    connectivity
        .connections()
        .forEach(c -> out.raw("  " + Dot.quoted(c.source().id()) + " -> "
            + Dot.quoted(c.destination().id()) + " [label=" + Dot.quoted(words.of(c.reach()))
            + (c.reach().allowed().isEmpty() ? ", style=dashed" : "") + "];"));
    out.raw("}");
  }
}
