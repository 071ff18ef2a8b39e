package dev.postern.iptables.reader;

import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.Rule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.netfilter.Addressing;
import dev.postern.netfilter.UnreadableDump;
import dev.postern.target.Reader.Dump;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the iptables rules of a node. A forwarded packet passes raw and mangle {@code PREROUTING}, then {@code FORWARD} of mangle, filter and
 * security, then mangle {@code POSTROUTING}. The nat table is left out: packets are judged as they are after its destinations are set and
 * before its sources are.
 */
public final class IptablesReader {

  private static final List<String[]> WAY = List.of(
      new String[] {"raw", "PREROUTING"},
      new String[] {"mangle", "PREROUTING"},
      new String[] {"mangle", "FORWARD"},
      new String[] {"filter", "FORWARD"},
      new String[] {"security", "FORWARD"},
      new String[] {"mangle", "POSTROUTING"});

  private final Map<String, Chain> chains = new LinkedHashMap<>();
  private final List<Stage> stages = new ArrayList<>();

  private final AddressSet local;

  private IptablesReader(AddressSet local) {
    this.local = local;
  }

  /**
   * Reads a node's rules; an empty text says that there are none.
   *
   * @param iptables what {@code iptables-save} prints
   * @param ip6tables what {@code ip6tables-save} prints
   * @param ipset what {@code ipset save} prints
   * @throws UnreadableDump if a text is not what those tools print
   */
  public static EnforcedRules read(String iptables, String ip6tables, String ipset) {
    return read(
        new Dump("iptables-save", iptables),
        new Dump("ip6tables-save", ip6tables),
        new Dump("ipset save", ipset),
        AddressSet.EMPTY);
  }

  /**
   * The same of named dumps.
   *
   * @param local the node's own addresses, for rules that ask for type LOCAL; if none are known, those rules are not understood
   */
  public static EnforcedRules read(Dump iptables, Dump ip6tables, Dump ipset, AddressSet local) {
    Ipsets sets = Ipsets.read(ipset.file(), ipset.text());
    IptablesReader reader = new IptablesReader(local);
    reader.family(Family.IPV4, iptables.file(), iptables.text(), sets);
    reader.family(Family.IPV6, ip6tables.file(), ip6tables.text(), sets);
    return UnreadableDump.orRules(iptables.file(), reader.stages, reader.chains);
  }

  /** A chain as it is read. */
  private record Draft(String policy, List<SaveLines.Line> lines) {}

  private void family(Family family, String file, String text, Ipsets sets) {
    Map<String, Map<String, Draft>> tables = tables(file, text);
    RuleReader.findChanges(
        tables.values().stream()
            .flatMap(table -> table.values().stream())
            .flatMap(draft -> draft.lines.stream())
            .toList(),
        sets);
    for (Map.Entry<String, Map<String, Draft>> table : tables.entrySet()) {
      if (table.getKey().equals("nat")) {
        continue;
      }
      String prefix = (family == Family.IPV4 ? "" : "ip6 ") + table.getKey() + " ";
      RuleReader rules =
          new RuleReader(family, sets, local, prefix, table.getValue().keySet());
      table.getValue().forEach((name, draft) -> {
        List<Rule> read = new ArrayList<>();
        draft.lines.forEach(line -> read.add(rules.read(line)));
        chains.put(prefix + name, new Chain(prefix + name, read));
      });
    }
    for (String[] place : WAY) {
      Draft draft = tables.getOrDefault(place[0], Map.of()).get(place[1]);
      if (draft != null && !(draft.lines.isEmpty() && draft.policy.equals("ACCEPT"))) {
        String chain = (family == Family.IPV4 ? "" : "ip6 ") + place[0] + " " + place[1];
        stages.add(new Stage(
            chain,
            new Condition.Source(Addressing.whole(family)),
            chain,
            draft.policy.equals("ACCEPT") ? Ending.ACCEPT : Ending.DROP));
      }
    }
  }

  /** Chains that every table of that name has, also where a text for iptables-restore does not say so. */
  private static final Map<String, List<String>> BUILT_IN = Map.of(
      "raw", List.of("PREROUTING", "OUTPUT"),
      "mangle", List.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
      "filter", List.of("INPUT", "FORWARD", "OUTPUT"),
      "security", List.of("INPUT", "FORWARD", "OUTPUT"),
      "nat", List.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"));

  private static Map<String, Draft> builtIn(String table) {
    Map<String, Draft> chains = new LinkedHashMap<>();
    BUILT_IN
        .getOrDefault(table, List.of())
        .forEach(name -> chains.put(name, new Draft("ACCEPT", new ArrayList<>())));
    return chains;
  }

  private static Map<String, Map<String, Draft>> tables(String file, String text) {
    Map<String, Map<String, Draft>> tables = new LinkedHashMap<>();
    List<Map<String, Draft>> open = new ArrayList<>();
    SaveLines.forEach(file, text, line -> {
      String first = line.words().get(0);
      if (first.startsWith("*")) {
        open.clear();
        open.add(tables.computeIfAbsent(first.substring(1), IptablesReader::builtIn));
        return;
      }
      if (open.isEmpty()) {
        throw new UnreadableDump(
            line.origin(),
            "`" + line.text() + "` outside of a table (give what `iptables-save` prints)");
      }
      Map<String, Draft> table = open.get(0);
      if (first.equals("COMMIT")) {
        open.clear();
      } else if (first.startsWith(":") && line.words().size() > 1) {
        table.put(first.substring(1), new Draft(line.words().get(1), new ArrayList<>()));
      } else {
        rule(line, table);
      }
    });
    return tables;
  }

  /** {@code -A chain rule}, after counters or not; {@code -I chain [number] rule} as iptables-restore takes it. */
  private static void rule(SaveLines.Line line, Map<String, Draft> table) {
    List<String> words = new ArrayList<>(line.words());
    if (words.size() > 1 && words.get(0).startsWith("[")) {
      words.remove(0);
    }
    Draft draft = words.size() > 2 ? table.get(words.get(1)) : null;
    boolean insert = words.get(0).equals("-I");
    if (draft == null || !(insert || words.get(0).equals("-A"))) {
      throw new UnreadableDump(
          line.origin(), "`" + line.text() + "` is no rule of a chain of this table");
    }
    int at = draft.lines.size();
    if (insert) {
      boolean numbered = words.get(2).chars().allMatch(c -> c >= '0' && c <= '9');
      at = numbered ? Math.min(at, Integer.parseInt(words.remove(2)) - 1) : 0;
    }
    draft.lines.add(at, new SaveLines.Line(List.copyOf(words), line.text(), line.origin()));
  }
}
