package dev.postern.netfilter.update;

import dev.postern.diagnostic.Origin;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ipsets of a node, changed line by line as {@code ipset restore -exist} does (ipset(8)). */
final class SetsInForce {

  /** A set: what stands after its name where it is created, and its members with what stands after them. */
  private static final class Members {
    private final String type;
    private final Map<String, String> members = new LinkedHashMap<>();

    Members(String type) {
      this.type = type;
    }
  }

  private final Map<String, Members> sets = new LinkedHashMap<>();

  /** @param dump what {@code ipset save} prints */
  SetsInForce(String file, String dump) {
    int line = 0;
    for (String text : dump.lines().toList()) {
      line++;
      if (!text.isBlank()) {
        change(text, new Origin(file, line, 1, ""));
      }
    }
  }

  /**
   * Does what a line says.
   *
   * @return the sets that the line changed
   * @throws UnreadableDump if {@code ipset} would refuse the line, or it is not understood
   */
  List<String> change(String line, Origin origin) {
    List<String> words = List.of(line.trim().split("\\s+"));
    String name = words.size() > 1 ? words.get(1) : "";
    String rest = rest(words, 2);
    switch (words.get(0)) {
      case "create", "-N" -> sets.putIfAbsent(name, new Members(rest));
      case "add", "-A" -> {
        require(words.size() > 2, line, origin);
        own(name, line, origin).members.put(words.get(2), rest(words, 3));
      }
      case "del", "-D" -> {
        require(words.size() > 2, line, origin);
        own(name, line, origin).members.remove(words.get(2));
      }
      case "flush", "-F" -> own(name, line, origin).members.clear();
      case "destroy", "-X" -> {
        own(name, line, origin);
        sets.remove(name);
      }
      case "swap", "-W" -> {
        String other = rest;
        Members first = own(name, line, origin);
        sets.put(name, own(other, line, origin));
        sets.put(other, first);
        return List.of(name, other);
      }
      case "rename", "-E" -> {
        require(!sets.containsKey(rest), line, origin);
        sets.put(rest, own(name, line, origin));
        sets.remove(name);
        return List.of(name, rest);
      }
      case "COMMIT" -> {
        return List.of();
      }
      default -> throw refused(line, origin);
    }
    return List.of(name);
  }

  private static String rest(List<String> words, int from) {
    return String.join(" ", words.subList(Math.min(from, words.size()), words.size()));
  }

  private Members own(String name, String line, Origin origin) {
    Members own = sets.get(name);
    if (own == null) {
      throw refused(line, origin);
    }
    return own;
  }

  private static void require(boolean holds, String line, Origin origin) {
    if (!holds) {
      throw refused(line, origin);
    }
  }

  private static UnreadableDump refused(String line, Origin origin) {
    return new UnreadableDump(
        origin, "`" + line + "` is no line that `ipset restore` would take in this state");
  }

  List<String> names() {
    return new ArrayList<>(sets.keySet());
  }

  /** As {@code ipset save} prints it. */
  String text() {
    StringBuilder text = new StringBuilder();
    sets.forEach((name, own) -> {
      text.append("create ").append(name).append(' ').append(own.type).append('\n');
      own.members.forEach((member, options) -> text.append("add ")
          .append(name)
          .append(' ')
          .append(member)
          .append(options.isEmpty() ? "" : " " + options)
          .append('\n'));
    });
    return text.toString();
  }
}
