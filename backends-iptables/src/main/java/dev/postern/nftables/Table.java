package dev.postern.nftables;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Our table as it is written: sets, maps and chains. */
final class Table {

  private static final String NAME = "inet " + Nftables.TABLE;

  /**
   * A set, map or chain.
   *
   * @param lines its type and flags, or its rules
   * @param elements the elements of a set or map
   */
  private record Part(List<String> lines, List<String> elements) {}

  private final Map<String, Part> parts = new LinkedHashMap<>();

  /** @param name with its kind, as {@code set s_x} */
  void add(String name, List<String> lines, List<String> elements) {
    parts.put(name, new Part(List.copyOf(lines), List.copyOf(elements)));
  }

  /** A table by itself, for {@code nft -f}; the hooks, through which packets come, stand at the end. */
  String text() {
    StringBuilder out =
        new StringBuilder("# Written by Postern. apply.sh puts it in force without a gap.\n");
    out.append("table ").append(NAME).append(" {}\ndelete table ").append(NAME).append('\n');
    define(out, select(name -> !isHook(name)));
    out.append("# hooks\n");
    define(out, select(Table::isHook));
    return out.toString();
  }

  private static boolean isHook(String name) {
    return name.startsWith("chain hook_");
  }

  private Map<String, Part> select(Predicate<String> names) {
    Map<String, Part> selected = new LinkedHashMap<>();
    parts.forEach((name, part) -> {
      if (names.test(name)) {
        selected.put(name, part);
      }
    });
    return selected;
  }

  private static void define(StringBuilder out, Map<String, Part> parts) {
    out.append("table ").append(NAME).append(" {\n");
    parts.forEach((name, part) -> {
      out.append('\t').append(name).append(" {\n");
      part.lines.forEach(line -> out.append("\t\t").append(line).append('\n'));
      if (!part.elements.isEmpty()) {
        out.append("\t\telements = {\n");
        part.elements.forEach(element -> out.append("\t\t\t").append(element).append(",\n"));
        out.append("\t\t}\n");
      }
      out.append("\t}\n");
    });
    out.append("}\n");
  }

  /** Sets, maps and chains that the table of before does not have: nothing leads to them yet. */
  String additions(Table before) {
    StringBuilder out = new StringBuilder();
    define(out, select(name -> !before.parts.containsKey(name)));
    return out.toString();
  }

  /** The chains that keep their name and have other rules. */
  String rewrites(Table before) {
    StringBuilder out = new StringBuilder();
    Map<String, Part> changed = select(name -> before.parts.containsKey(name)
        && !select(name::equals).equals(before.select(name::equals)));
    changed.keySet().forEach(name -> out.append("flush ").append(at(name)).append('\n'));
    define(out, changed);
    return out.toString();
  }

  /** Takes away what nothing leads to any more. */
  String removals(Table before) {
    StringBuilder out = new StringBuilder();
    List<String> gone = gone(before);
    gone.stream()
        .filter(name -> name.startsWith("chain "))
        .forEach(name -> out.append("flush ").append(at(name)).append('\n'));
    // Maps lead to chains, and chains that are empty now look them up.
    for (String kind : List.of("map ", "chain ", "set ")) {
      gone.stream()
          .filter(name -> name.startsWith(kind))
          .forEach(name -> out.append("delete ").append(at(name)).append('\n'));
    }
    return out.toString();
  }

  List<String> gone(Table before) {
    return before.parts.keySet().stream()
        .filter(name -> !parts.containsKey(name))
        .toList();
  }

  List<String> fresh(Table before) {
    return parts.keySet().stream()
        .filter(name -> !before.parts.containsKey(name))
        .toList();
  }

  private static String at(String name) {
    int space = name.indexOf(' ');
    return name.substring(0, space) + " " + NAME + name.substring(space);
  }
}
