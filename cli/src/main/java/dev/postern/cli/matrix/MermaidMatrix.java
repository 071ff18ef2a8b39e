package dev.postern.cli.matrix;

import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Printable;
import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import dev.postern.wording.ReachWords;
import java.util.IdentityHashMap;
import java.util.Map;

/** A flowchart for Mermaid, which GitHub and GitLab draw in Markdown. */
final class MermaidMatrix implements MatrixFormat.Writer {

  @Override
  public void write(Connectivity connectivity, Printer out) {
    ReachWords words = new ReachWords();
    Map<Endpoint, String> ids = new IdentityHashMap<>();
    out.raw("flowchart LR");
    Groups.of(connectivity.endpoints()).forEach((group, endpoints) -> {
      boolean namespace = !group.isEmpty();
      if (namespace) {
        out.raw("  subgraph ns" + ids.size() + "[" + quoted(group) + "]");
      }
      for (Endpoint endpoint : endpoints) {
        String id = "e" + ids.size();
        ids.put(endpoint, id);
        String label = quoted(Groups.shortName(endpoint));
        out.raw((namespace ? "    " : "  ")
            + id
            + (namespace ? "[" + label + "]" : "([" + label + "])"));
      }
      if (namespace) {
        out.raw("  end");
      }
    });
    connectivity
        .connections()
        .forEach(c -> out.raw("  " + ids.get(c.source())
            + (c.reach().allowed().isEmpty() ? " -.->|" : " -->|") + quoted(words.of(c.reach()))
            + "| "
            + ids.get(c.destination())));
  }

  /** Mermaid's escape is the entity. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    Printable.line(text).codePoints().forEach(point -> {
      if ("#\"<>&`\\".indexOf(point) >= 0) {
        quoted.append('#').append(point).append(';');
      } else {
        quoted.appendCodePoint(point);
      }
    });
    return quoted.append('"').toString();
  }
}
