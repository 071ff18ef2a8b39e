package dev.postern.manifest;

import dev.postern.diagnostic.Nearest;
import java.util.ArrayList;
import java.util.List;

/** What an object without {@code kind} may have been meant to be. */
final class MissingKind {

  private MissingKind() {}

  /** What to write instead; empty if there is no telling. */
  static String hint(Cursor object) {
    if (object.mentions("kind")) {
      return "a kind is a string";
    }
    String file = object.origin().file();
    return switch (file.substring(file.lastIndexOf('/') + 1)) {
      case "values.yaml", "Chart.yaml" -> "read what `helm template` makes of it";
      case "kustomization.yaml", "kustomization.yml" -> "read what `kustomize build` makes of it";
      default ->
        Nearest.to("kind", keys(object))
            .map(key -> "did you mean `kind` by `" + key + "`?")
            .orElse("");
    };
  }

  private static List<String> keys(Cursor object) {
    MapNode map = (MapNode) object.node();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < map.size(); i++) {
      keys.add(map.key(i));
    }
    return keys;
  }
}
