package dev.postern.cli.matrix;

import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import java.io.PrintWriter;
import java.util.IdentityHashMap;
import java.util.Map;

/** A flowchart for Mermaid, which GitHub and GitLab draw in Markdown. */
final class MermaidMatrix implements MatrixFormat.Writer {

  @Override
  public void write(Connectivity connectivity, PrintWriter out) {
    ReachWords words = new ReachWords();
    Map<Endpoint, String> ids = new IdentityHashMap<>();
    out.println("flowchart LR");
    Groups.of(connectivity.endpoints()).forEach((group, endpoints) -> {
      boolean namespace = !group.isEmpty();
      if (namespace) {
        out.println("  subgraph ns" + ids.size() + "[" + quoted(group) + "]");
      }
      for (Endpoint endpoint : endpoints) {
        String id = "e" + ids.size();
        ids.put(endpoint, id);
        String label = quoted(Groups.shortName(endpoint));
        out.println((namespace ? "    " : "  ")
            + id
            + (namespace ? "[" + label + "]" : "([" + label + "])"));
      }
      if (namespace) {
        out.println("  end");
      }
    });
    connectivity
        .connections()
        .forEach(c -> out.println("  " + ids.get(c.source())
            + (c.reach().allowed().isEmpty() ? " -.->|" : " -->|") + quoted(words.of(c.reach()))
            + "| "
            + ids.get(c.destination())));
  }

  /** Mermaid's escape is the entity. */
  private static String quoted(String text) {
    return '"' + text.replace("#", "#35;").replace("\"", "#quot;").replace("<", "#lt;") + '"';
  }
}
