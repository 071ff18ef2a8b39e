package dev.postern.netfilter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Breaks one thing in what {@code iptables-save}, {@code ipset save} or {@code nft list ruleset} printed, in ways that the tools take. */
final class DumpMutants {

  enum Kind {
    NOTHING,
    RULE_DROPPED,
    PORT_MOVED,
    MEMBER_LOST,
    ORDER_SWAPPED
  }

  private static final Pattern PORT = Pattern.compile("dport (\\d+)(?![\\d:-])");
  private static final Pattern ELEMENTS = Pattern.compile("elements = \\{([^}]*)\\}");

  private DumpMutants() {}

  /** The text with one thing of a kind broken; empty if there is no such thing. */
  static Optional<String> of(String text, Kind kind, Random random) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    switch (kind) {
      case NOTHING -> {}
      case RULE_DROPPED -> {
        List<Integer> rules = rules(lines);
        if (rules.isEmpty()) {
          return Optional.empty();
        }
        lines.remove((int) rules.get(random.nextInt(rules.size())));
      }
      case ORDER_SWAPPED -> {
        List<Integer> firsts = rules(lines).stream()
            .filter(at -> at + 1 < lines.size()
                && isRule(lines.get(at + 1))
                && chain(lines.get(at)).equals(chain(lines.get(at + 1)))
                && !lines.get(at).equals(lines.get(at + 1)))
            .toList();
        if (firsts.isEmpty()) {
          return Optional.empty();
        }
        int at = firsts.get(random.nextInt(firsts.size()));
        lines.add(at, lines.remove(at + 1));
      }
      case PORT_MOVED -> {
        List<MatchResult> ports = PORT.matcher(text).results().toList();
        if (ports.isEmpty()) {
          return Optional.empty();
        }
        // Both rules of a pair that marks and returns, or nothing would change.
        String old = ports.get(random.nextInt(ports.size())).group(1);
        int moved = Integer.parseInt(old) + (random.nextBoolean() || old.equals("1") ? 1 : -1);
        List<Integer> having = rules(lines).stream()
            .filter(at -> PORT.matcher(lines.get(at))
                .results()
                .anyMatch(found -> found.group(1).equals(old)))
            .toList();
        String chain = chain(lines.get(having.get(random.nextInt(having.size()))));
        for (int at : having) {
          if (chain(lines.get(at)).equals(chain)) {
            lines.set(
                at, lines.get(at).replaceAll("dport " + old + "(?![\\d:-])", "dport " + moved));
          }
        }
      }
      case MEMBER_LOST -> {
        return withoutMember(text, random);
      }
    }
    return Optional.of(String.join("\n", lines) + "\n");
  }

  private static Optional<String> withoutMember(String text, Random random) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    List<Integer> added = indexes(lines, line -> line.startsWith("add "));
    if (!added.isEmpty()) {
      lines.remove((int) added.get(random.nextInt(added.size())));
      return Optional.of(String.join("\n", lines) + "\n");
    }
    List<MatchResult> sets = ELEMENTS.matcher(text).results().toList();
    if (sets.isEmpty()) {
      return Optional.empty();
    }
    MatchResult set = sets.get(random.nextInt(sets.size()));
    List<String> members = new ArrayList<>(List.of(set.group(1).trim().split("\\s*,\\s*")));
    members.remove(random.nextInt(members.size()));
    String left = members.isEmpty() ? "" : "elements = { " + String.join(", ", members) + " }";
    return Optional.of(text.substring(0, set.start())
        + Matcher.quoteReplacement(left)
        + text.substring(set.end()));
  }

  private static List<Integer> rules(List<String> lines) {
    return indexes(lines, DumpMutants::isRule);
  }

  private static List<Integer> indexes(List<String> lines, Predicate<String> which) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (which.test(lines.get(i))) {
        found.add(i);
      }
    }
    return found;
  }

  /** A rule of iptables, or a line that stands two tabs deep in nft's text and says something of packets. */
  private static boolean isRule(String line) {
    return line.startsWith("-A ")
        || line.startsWith("\t\t")
            && !line.startsWith("\t\t\t")
            && !Pattern.compile("^\t\t(type|flags|comment|elements|policy|timeout|size) ")
                .matcher(line)
                .find();
  }

  /** What two rules of one chain have in common; in nft's text neighbours are of one chain. */
  private static String chain(String line) {
    return line.startsWith("-A ") ? line.split(" ")[1] : "";
  }
}
