package dev.postern.netfilter.update;

import dev.postern.netfilter.update.NftPart.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One table of a ruleset: its parts by kind and name, such as {@code chain judge}. */
final class RulesetTable {

  /** Chains and sets that a rule or a verdict names; a payload's place ({@code @th,16,16}) is none. */
  private static final Pattern CHAINS = Pattern.compile("\\b(?:jump|goto) ([A-Za-z_][\\w.-]*)");

  private static final Pattern SETS = Pattern.compile("@([A-Za-z_][\\w.-]*)(?!,)\\b");

  private static final Pattern REFUSING_HOOK =
      Pattern.compile("type filter hook (input|forward|output) .*");

  final Map<String, NftPart> parts = new LinkedHashMap<>();
  /** What parts said that are gone since the file began. */
  private final Map<String, List<String>> gone = new HashMap<>();

  boolean hasSet(String name) {
    return parts.containsKey("set " + name) || parts.containsKey("map " + name);
  }

  /** Whether chains and sets that these lines name are there. */
  boolean knows(Collection<String> lines) {
    return lines.stream()
        .allMatch(line -> names(CHAINS, line).stream().allMatch(this::leadsTo)
            && names(SETS, line).stream().allMatch(this::hasSet));
  }

  /** Whether a rule can lead to a chain: not to one that packets come to by themselves. */
  boolean leadsTo(String name) {
    NftPart chain = parts.get("chain " + name);
    return chain != null && chain.hook().isEmpty();
  }

  boolean uses(boolean chain, String name) {
    return parts.values().stream()
        .flatMap(part -> part.referring().stream())
        .anyMatch(line -> names(chain ? CHAINS : SETS, line).contains(name));
  }

  /** Whether something other than sets and chains of packets that are routed says how the table is to be taken. */
  boolean isStrange() {
    return parts.entrySet().stream()
        .anyMatch(part -> part.getKey().startsWith("flags")
            || part.getValue().hook().matches(".* hook (ingress|egress) .*"));
  }

  void remove(String key) {
    NftPart part = parts.remove(key);
    if (part != null) {
      gone.computeIfAbsent(key, name -> new ArrayList<>()).addAll(part.meanwhile());
    }
  }

  /** A file begins. */
  void begin() {
    gone.clear();
    parts.values().forEach(NftPart::begin);
  }

  /** Whether ways through chains are as short as they have to be, at every time since the file began. */
  boolean fits() {
    return ChainDepth.fits(leadsTo(), ChainDepth.OF_NFTABLES);
  }

  /** Whether only such packets are refused as can be (nft(8), "reject"). */
  boolean refusesWhereItCan() {
    Map<String, Set<String>> leadsTo = leadsTo();
    Set<String> reached = new HashSet<>();
    List<String> open = new ArrayList<>();
    parts.forEach((key, part) -> {
      if (!part.hook().isEmpty() && !REFUSING_HOOK.matcher(part.hook()).matches()) {
        open.add(key.substring(6));
      }
    });
    while (!open.isEmpty()) {
      String next = open.remove(open.size() - 1);
      if (reached.add(next)) {
        open.addAll(leadsTo.getOrDefault(next, Set.of()));
      }
    }
    return reached.stream()
        .map(name -> parts.get("chain " + name))
        .allMatch(chain ->
            chain == null || chain.meanwhile().stream().noneMatch(rule -> rule.contains("reject")));
  }

  private Map<String, Set<String>> leadsTo() {
    Map<String, Set<String>> leadsTo = new HashMap<>();
    parts.forEach((key, part) -> lead(leadsTo, key, part.meanwhile()));
    gone.forEach((key, lines) -> lead(leadsTo, key, lines));
    return leadsTo;
  }

  private static void lead(Map<String, Set<String>> leadsTo, String key, List<String> lines) {
    boolean map = key.startsWith("map ");
    if (!map && !key.startsWith("chain ")) {
      return;
    }
    Set<String> targets = leadsTo.computeIfAbsent(
        map ? ChainDepth.MAP + key.substring(4) : key.substring(6), name -> new HashSet<>());
    for (String line : lines) {
      targets.addAll(names(CHAINS, line));
      names(SETS, line).forEach(set -> targets.add(ChainDepth.MAP + set));
    }
  }

  private static List<String> names(Pattern pattern, String line) {
    List<String> names = new ArrayList<>();
    Matcher matcher = pattern.matcher(line);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  /** Whether a set or map has keys of these types. */
  boolean hasKeys(String name, boolean map, List<String> types) {
    NftPart part = parts.get((map ? "map " : "set ") + name);
    return part != null && part.types().equals(types) && (!map || part.holdsVerdicts());
  }

  /** As {@code nft list ruleset} prints it. */
  void write(String called, StringBuilder text) {
    text.append("table ").append(called).append(" {\n");
    parts.forEach((key, part) -> part.write(key, text));
    text.append("}\n");
  }

  /** The names of its chains. */
  List<String> chains() {
    return parts.entrySet().stream()
        .filter(part -> part.getValue().kind() == Kind.CHAIN)
        .map(part -> part.getKey().substring(6))
        .toList();
  }
}
