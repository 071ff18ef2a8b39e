package dev.postern.nftables;

import dev.postern.backend.TextOutput;
import dev.postern.netfilter.ContentName;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Our table as it is written: sets, maps and chains. */
final class NftTable {

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
  void write(TextOutput out) {
    out.append("# Written by Postern. apply.sh puts it in force without a gap.\n");
    out.append("table ").append(NAME).append(" {}\ndelete table ").append(NAME).append('\n');
    Map<String, Part> marked = select(name -> !isHook(name));
    marked.put("chain " + marker(), new Part(List.of(), List.of()));
    define(out, marked);
    out.append("# hooks\n");
    define(out, select(NftTable::isHook));
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

  private static void define(TextOutput out, Map<String, Part> parts) {
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
  String additions(NftTable before) {
    Map<String, Part> fresh = select(name -> !before.parts.containsKey(name));
    StringBuilder out = new StringBuilder();
    if (!fresh.isEmpty()) {
      define(new TextOutput(out), fresh);
    }
    return out.toString();
  }

  /** The chains that keep their name and have other rules. */
  String rewrites(NftTable before) {
    Map<String, Part> changed = select(name -> {
      Part now = parts.get(name);
      Part old = before.parts.get(name);
      return name.startsWith("chain ")
          && now != null
          && old != null
          && !now.lines.equals(old.lines);
    });
    StringBuilder out = new StringBuilder();
    if (!changed.isEmpty()) {
      changed.keySet().forEach(name -> out.append("flush ").append(at(name)).append('\n'));
      define(new TextOutput(out), changed);
    }
    return out.toString();
  }

  /** New members for these sets and maps, which nothing looks up. */
  String refills(Predicate<String> names) {
    StringBuilder out = new StringBuilder();
    select(name -> names.test(name.substring(4))).forEach((name, part) -> {
      out.append("flush ").append(at(name)).append('\n');
      if (!part.elements.isEmpty()) {
        out.append("add element ")
            .append(at(name).substring(4))
            .append(" {\n")
            .append(String.join(",\n", part.elements))
            .append("\n}\n");
      }
    });
    return out.toString();
  }

  /** Takes away what nothing leads to any more: what one of these tables has and this one does not. */
  String removals(NftTable before, NftTable middle) {
    Set<String> gone = new LinkedHashSet<>(before.parts.keySet());
    gone.addAll(middle.parts.keySet());
    gone.removeAll(parts.keySet());
    StringBuilder out = new StringBuilder();
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

  /** How many sets, maps and chains one table has and the other has not, or with other rules. */
  int madeSince(NftTable before) {
    return (int) parts.entrySet().stream()
        .filter(part -> {
          Part old = before.parts.get(part.getKey());
          return old == null || !old.lines.equals(part.getValue().lines);
        })
        .count();
  }

  int missingIn(NftTable after) {
    return (int)
        parts.keySet().stream().filter(name -> !after.parts.containsKey(name)).count();
  }

  /** A name made of all that is in it: a chain without rules that bears it says that this table is in force. */
  String marker() {
    return "v_" + new ContentName().of(all -> define(all, parts));
  }

  private static String at(String name) {
    int space = name.indexOf(' ');
    return name.substring(0, space) + " " + NAME + name.substring(space);
  }
}
