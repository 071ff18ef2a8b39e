package dev.postern.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Follows the ways to the templates of an object, as {@link WorkloadKinds} writes them. */
final class TemplatePaths {

  /**
   * A template that was found.
   *
   * @param part what tells it from others of its object: the name or key of the last list item or map entry on the way; empty if there is none
   */
  record Found(String part, Cursor template) {}

  private TemplatePaths() {}

  static List<Found> follow(Cursor object, String path) {
    List<Found> at = List.of(new Found("", object));
    if (path.isEmpty()) {
      return at;
    }
    for (String step : path.split("\\.")) {
      List<Found> next = new ArrayList<>();
      for (Found found : at) {
        next.addAll(step(found, step));
      }
      at = next;
    }
    return at;
  }

  private static List<Found> step(Found from, String step) {
    List<Found> found = new ArrayList<>();
    if (step.equals("*")) {
      if (from.template().node() instanceof MapNode map) {
        for (int i = 0; i < map.size(); i++) {
          String key = map.key(i);
          from.template().child(i).ifPresent(value -> found.add(new Found(key, value)));
        }
      }
    } else {
      Optional<Cursor> value = from.template().field(step);
      value.ifPresent(each -> found.add(new Found(from.part(), each)));
    }
    return found;
  }
}
