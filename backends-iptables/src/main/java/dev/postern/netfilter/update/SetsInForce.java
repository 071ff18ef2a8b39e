package dev.postern.netfilter.update;

import dev.postern.diagnostic.Origin;
import dev.postern.net.Family;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The ipsets of a node, changed line by line as {@code ipset restore -exist} does (ipset(8)). */
final class SetsInForce {

  /** Options without a value. */
  private static final Set<String> ALONE =
      Set.of("counters", "comment", "skbinfo", "forceadd", "wildcard");

  private static final String ROOM = "65536";

  /** A set: what stands after its name where it is created, and its members with what stands after them. */
  private static final class Members {
    private final String type;
    private final Map<String, String> members = new LinkedHashMap<>();

    Members(String type) {
      this.type = type;
    }

    String kind() {
      return type.split(" ", 2)[0];
    }

    /** Its options by name. */
    Map<String, String> options() {
      Map<String, String> options = new TreeMap<>(
          kind().startsWith("hash:") ? Map.of("family", "inet", "maxelem", ROOM) : Map.of());
      String[] words = type.split(" ");
      for (int i = 1; i < words.length; i++) {
        boolean alone = ALONE.contains(words[i]) || i + 1 == words.length;
        options.put(words[i], alone ? "" : words[++i]);
      }
      return options;
    }

    boolean isSwappedWith(Members other) {
      return kind().equals(other.kind()) && family() == other.family();
    }

    private Family family() {
      return options().getOrDefault("family", "inet").equals("inet6") ? Family.IPV6 : Family.IPV4;
    }

    boolean takes(String member) {
      return SetMember.isPrinted(member, kind(), family());
    }

    boolean isFull() {
      String room = options().getOrDefault("maxelem", "");
      return room.matches("[0-9]{1,9}") && members.size() >= Integer.parseInt(room);
    }
  }

  private final Map<String, Members> sets = new LinkedHashMap<>();

  /** @param dump what {@code ipset save} prints */
  SetsInForce(String file, String dump) {
    int line = 0;
    for (String text : dump.lines().toList()) {
      line++;
      if (!text.isBlank()) {
        change(text, new Origin(file, line, 1, ""), true, Set.of());
      }
    }
  }

  /**
   * Does what a line says.
   *
   * @param seen the sets that rules look up
   * @return the sets that the line changed
   * @throws UnreadableDump if {@code ipset} would refuse the line, or it is not understood
   */
  List<String> change(String line, Origin origin, Set<String> seen) {
    return change(line, origin, false, seen);
  }

  private List<String> change(String line, Origin origin, boolean printed, Set<String> seen) {
    if (!printed && !AddedMembers.isLine(line)) {
      throw refused(line, at(origin, AddedMembers.refusedAt(line)));
    }
    List<String> words = List.of(line.trim().split("\\s+"));
    String name = words.size() > 1 ? words.get(1) : "";
    String rest = rest(words, 2);
    switch (words.get(0)) {
      case "create" -> {
        Members now = new Members(rest);
        Members there = sets.putIfAbsent(name, now);
        require(words.size() > 2 && there == null, line, word(1, line, origin));
      }
      case "add" -> {
        require(words.size() > 2, line, origin);
        Members own = own(name, line, word(1, line, origin));
        String member = words.get(2);
        boolean takes = isOf(own, member) && (own.members.containsKey(member) || !own.isFull());
        require(printed || takes, line, word(2, line, origin));
        require(
            printed || AddedMembers.isBehind(rest(words, 3), own.type),
            line,
            word(3, line, origin));
        own.members.put(member, rest(words, 3));
      }
      case "del" -> {
        require(words.size() == 3, line, origin);
        Members own = own(name, line, word(1, line, origin));
        require(isOf(own, words.get(2)), line, word(2, line, origin));
        own.members.remove(words.get(2));
      }
      case "flush" -> {
        require(words.size() == 2, line, origin);
        own(name, line, word(1, line, origin)).members.clear();
      }
      case "destroy" -> {
        require(words.size() == 2 && !isUsed(name, seen), line, word(1, line, origin));
        own(name, line, word(1, line, origin));
        sets.remove(name);
      }
      case "swap" -> {
        String other = rest;
        Members first = own(name, line, word(1, line, origin));
        Members second = own(other, line, word(2, line, origin));
        require(first.isSwappedWith(second), line, word(2, line, origin));
        sets.put(name, second);
        sets.put(other, first);
        return List.of(name, other);
      }
      case "rename" -> {
        require(!isUsed(name, seen), line, word(1, line, origin));
        require(words.size() == 3 && !sets.containsKey(rest), line, word(2, line, origin));
        sets.put(rest, own(name, line, word(1, line, origin)));
        sets.remove(name);
        return List.of(name, rest);
      }
      default -> throw refused(line, origin);
    }
    return List.of(name);
  }

  private static boolean isOf(Members set, String member) {
    return AddedMembers.isType(set.type) && set.takes(member);
  }

  /**
   * Whether a rule of a family can look a set up.
   *
   * @param sides how many of a packet's sides it names
   * @param marks whether it wants marks of it
   */
  boolean holds(String name, Family family, int sides, boolean marks) {
    Members own = sets.get(name);
    return own != null
        && AddedMembers.isType(own.type)
        && own.family() == family
        && own.kind().split(",").length == sides
        && (!marks || AddedMembers.hasMarks(own.type));
  }

  /** Whether rules look a set up, or a list of sets holds it. */
  private boolean isUsed(String name, Set<String> seen) {
    return seen.contains(name)
        || sets.values().stream()
            .anyMatch(own -> own.kind().equals("list:set") && own.members.containsKey(name));
  }

  /** These sets, and those that lists of sets among them hold. */
  Set<String> with(Set<String> names) {
    Set<String> all = new HashSet<>(names);
    names.stream()
        .flatMap(name -> Stream.ofNullable(sets.get(name)))
        .filter(own -> own.kind().equals("list:set"))
        .forEach(own -> all.addAll(own.members.keySet()));
    return all;
  }

  private static Origin word(int number, String line, Origin origin) {
    return at(origin, RefusedWord.offset(number, line));
  }

  private static Origin at(Origin origin, int offset) {
    return new Origin(
        origin.file(), origin.line(), Math.max(1, origin.column() + offset), origin.path());
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
        origin,
        "`" + line
            + "` is no line that we know `ipset restore` to take in this state (hint: lines as `ipset save` prints them are)");
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
