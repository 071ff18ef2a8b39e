package dev.postern.netfilter;

import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What {@code ipset restore} and {@code iptables-restore} make of their lines, one by one: only what our artefacts use. */
final class SimulatedKernel {

  private static final class Sets {
    private final String type;
    private final Map<String, String> members = new TreeMap<>();

    Sets(String type) {
      this.type = type;
    }
  }

  private final Map<String, Sets> sets = new TreeMap<>();
  private final Map<Family, Map<String, List<String>>> chains = new EnumMap<>(Family.class);

  SimulatedKernel() {
    for (Family family : Family.values()) {
      Map<String, List<String>> builtIn = new LinkedHashMap<>();
      builtIn.put("FORWARD", new ArrayList<>());
      builtIn.put("INPUT", new ArrayList<>());
      builtIn.put("OUTPUT", new ArrayList<>());
      chains.put(family, builtIn);
    }
  }

  /** One line of {@code ipset restore -exist}. Returns whether a rule can have seen it. */
  boolean set(String line) {
    String[] words = line.split(" ", 4);
    String name = words[1];
    boolean seen = isReferenced(name);
    switch (words[0]) {
      case "create" -> sets.putIfAbsent(name, new Sets(line.substring(8 + name.length())));
      case "add" -> own(name).members.put(words[2], words.length > 3 ? " " + words[3] : "");
      case "del" -> own(name).members.remove(words[2]);
      case "destroy" -> {
        if (seen) {
          throw new IllegalStateException(name + " is in use");
        }
        own(name);
        sets.remove(name);
      }
      case "swap" -> {
        Sets first = own(name);
        sets.put(name, own(words[2]));
        sets.put(words[2], first);
        seen |= isReferenced(words[2]);
      }
      default -> throw new IllegalStateException(line);
    }
    return seen;
  }

  private Sets own(String name) {
    Sets own = sets.get(name);
    if (own == null) {
      throw new IllegalStateException("no set " + name);
    }
    return own;
  }

  private boolean isReferenced(String set) {
    return chains.values().stream()
        .flatMap(family -> family.values().stream())
        .flatMap(List::stream)
        .anyMatch(rule -> (rule + " ").contains(" " + set + " "));
  }

  /** A whole text of {@code iptables-restore --noflush}, at once. */
  void rules(Family family, String text) {
    Map<String, List<String>> own = chains.get(family);
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 3);
      if (line.startsWith(":")) {
        own.put(words[0].substring(1), new ArrayList<>());
      } else if (line.startsWith("-A ")) {
        chain(own, words[1]).add(words[2]);
      } else if (line.startsWith("-I ")) {
        chain(own, words[1]).add(0, words[2].substring(2));
      } else if (line.startsWith("-X ")) {
        if (!chain(own, words[1]).isEmpty()) {
          throw new IllegalStateException(line + ": not empty");
        }
        own.remove(words[1]);
      } else if (!line.equals("*mangle") && !line.equals("COMMIT")) {
        throw new IllegalStateException(line);
      }
    }
    own.values().stream().flatMap(List::stream).forEach(rule -> {
      String[] words = rule.split(" ");
      String target = words[words.length - 1];
      if (target.startsWith("POSTERN") && !own.containsKey(target)) {
        throw new IllegalStateException(rule + ": no such chain");
      }
      for (String word : words) {
        if (word.startsWith("postern") && !sets.containsKey(word)) {
          throw new IllegalStateException(rule + ": no such set");
        }
      }
    });
  }

  private static List<String> chain(Map<String, List<String>> own, String name) {
    List<String> rules = own.get(name);
    if (rules == null) {
      throw new IllegalStateException("no chain " + name);
    }
    return rules;
  }

  /** What is in force, as the reader reads it. */
  EnforcedRules dump() {
    StringBuilder ipset = new StringBuilder();
    sets.forEach((name, own) -> {
      ipset.append("create ").append(name).append(' ').append(own.type).append('\n');
      own.members.forEach((member, suffix) -> ipset
          .append("add ")
          .append(name)
          .append(' ')
          .append(member)
          .append(suffix)
          .append('\n'));
    });
    return IptablesReader.read(save(Family.IPV4), save(Family.IPV6), ipset.toString());
  }

  private String save(Family family) {
    StringBuilder out = new StringBuilder("*mangle\n");
    chains
        .get(family)
        .keySet()
        .forEach(name -> out.append(':')
            .append(name)
            .append(name.startsWith("POSTERN") ? " - [0:0]\n" : " ACCEPT [0:0]\n"));
    chains
        .get(family)
        .forEach((name, rules) -> rules.forEach(
            rule -> out.append("-A ").append(name).append(' ').append(rule).append('\n')));
    return out.append("COMMIT\n").toString();
  }

  /** All of it as text. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    sets.forEach((name, own) -> out.append(name).append(own.members).append('\n'));
    chains.values().forEach(own -> out.append(new TreeMap<>(own)).append('\n'));
    return out.toString();
  }
}
