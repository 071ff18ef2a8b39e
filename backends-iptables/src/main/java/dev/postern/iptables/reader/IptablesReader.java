package dev.postern.iptables.reader;

import dev.postern.backend.Reader.Dump;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.netfilter.reader.NodeFacts;
import dev.postern.netfilter.reader.Plane;
import dev.postern.netfilter.reader.Plane.Hook;
import dev.postern.netfilter.reader.Plane.Point;
import dev.postern.netfilter.reader.Planes;
import dev.postern.netfilter.reader.Translation;
import dev.postern.netfilter.reader.UnreadableDump;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the iptables rules of a node. A forwarded packet passes raw and mangle {@code PREROUTING}, then {@code FORWARD} of mangle, filter and
 * security, then mangle {@code POSTROUTING}; one to the node, or from it, passes {@code INPUT} or {@code OUTPUT} instead. Of the nat table only
 * what it does to marks is read: packets are judged as they are after its destinations are set and before its sources are.
 */
public final class IptablesReader {

  /** A hook of a table: where, and the kernel's priority. */
  private record Place(String table, Point point, int priority) {}

  private static final List<Place> WAY = List.of(
      new Place("raw", Point.PREROUTING, -300),
      new Place("mangle", Point.PREROUTING, -150),
      new Place("mangle", Point.INPUT, -150),
      new Place("filter", Point.INPUT, 0),
      new Place("security", Point.INPUT, 50),
      new Place("mangle", Point.FORWARD, -150),
      new Place("filter", Point.FORWARD, 0),
      new Place("security", Point.FORWARD, 50),
      new Place("raw", Point.OUTPUT, -300),
      new Place("mangle", Point.OUTPUT, -150),
      new Place("filter", Point.OUTPUT, 0),
      new Place("security", Point.OUTPUT, 50),
      new Place("mangle", Point.POSTROUTING, -150));

  private final Family family;
  private final String plane;
  private final Map<String, Chain> chains = new LinkedHashMap<>();
  private final List<Hook> hooks = new ArrayList<>();
  private final NodeFacts node;

  private IptablesReader(Family family, String plane, NodeFacts node) {
    this.family = family;
    this.plane = plane;
    this.node = node;
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
    return read(iptables, ip6tables, ipset, local, List.of());
  }

  static EnforcedRules read(
      Dump iptables, Dump ip6tables, Dump ipset, AddressSet local, List<String> unseen) {
    return Planes.rules(iptables.file(), planes(iptables, ip6tables, ipset, local, unseen), unseen);
  }

  static List<Plane> planes(
      Dump iptables, Dump ip6tables, Dump ipset, AddressSet local, List<String> unseen) {
    boolean marks = marksConnections(iptables.text()) || marksConnections(ip6tables.text());
    return Planes.read(
        new NodeFacts(local, marks, NodeFacts.ANYTHING),
        node -> List.of(
            plane(Family.IPV4, "", iptables, ipset, node),
            plane(Family.IPV6, "", ip6tables, ipset, node)),
        unseen);
  }

  /** Whether some rule of a dump marks connections. */
  public static boolean marksConnections(String text) {
    return text.contains("-j CONNMARK --s")
        || text.contains("-j CONNMARK --and")
        || text.contains("-j CONNMARK --or")
        || text.contains("-j CONNMARK --xor");
  }

  /**
   * Reads the rules of one family.
   *
   * @param name what the names of its chains begin with, where the node has other planes
   * @throws UnreadableDump if a text is not what those tools print
   */
  public static Plane plane(Family family, String name, Dump rules, Dump ipset, NodeFacts node) {
    return plane(family, name, rules, ipset, node, Set.of());
  }

  /**
   * The same without some tables.
   *
   * @param without tables that are left out, such as {@code filter}, since another tool's dump has them
   * @throws UnreadableDump if a text is not what those tools print
   */
  public static Plane plane(
      Family family, String name, Dump rules, Dump ipset, NodeFacts node, Set<String> without) {
    return new IptablesReader(family, name, node)
        .read(rules, NodeIpsets.read(ipset.file(), ipset.text()), without);
  }

  /** A chain as it is read. */
  private record Draft(String policy, List<SaveLines.Line> lines) {}

  private Plane read(Dump dump, NodeIpsets sets, Set<String> without) {
    SaveComments.of(dump).requireFamily(family);
    Map<String, Map<String, Draft>> tables = tables(dump.file(), dump.text());
    tables.keySet().removeAll(without);
    RuleReader.findChanges(
        tables.values().stream()
            .flatMap(table -> table.values().stream())
            .flatMap(draft -> draft.lines.stream())
            .toList(),
        sets);
    Translation translation = Translation.NONE;
    Translation ofNode = Translation.NONE;
    boolean sourcesOfInput = false;
    for (Map.Entry<String, Map<String, Draft>> table : tables.entrySet()) {
      String prefix = prefix(table.getKey());
      RuleReader rules =
          new RuleReader(family, sets, node, prefix, table.getValue().keySet());
      if (table.getKey().equals("nat")) {
        Map<String, List<SaveLines.Line>> lines = new LinkedHashMap<>();
        table.getValue().forEach((name, draft) -> lines.put(name, draft.lines));
        List<String> dropping = table.getValue().entrySet().stream()
            .filter(chain -> chain.getValue().policy.equals("DROP"))
            .map(Map.Entry::getKey)
            .toList();
        translation = new NatTable(family, rules, lines).read("PREROUTING", dropping);
        ofNode = new NatTable(family, rules, lines).read("OUTPUT", dropping);
        sourcesOfInput = !lines.getOrDefault("INPUT", List.of()).isEmpty();
        continue;
      }
      table.getValue().forEach((name, draft) -> {
        List<EnforcedRule> read = new ArrayList<>();
        draft.lines.forEach(line -> read.add(rules.read(line)));
        chains.put(prefix + name, new Chain(prefix + name, read));
      });
    }
    for (Place place : WAY) {
      Draft draft = tables.getOrDefault(place.table, Map.of()).get(place.point.name());
      if (draft != null && !(draft.lines.isEmpty() && draft.policy.equals("ACCEPT"))) {
        String chain = prefix(place.table) + place.point.name();
        hooks.add(new Hook(
            place.point,
            place.priority,
            new Stage(
                chain,
                new Condition.SourceAddress(AddressSet.all(family)),
                chain,
                draft.policy.equals("ACCEPT") ? Ending.ACCEPT : Ending.DROP)));
      }
    }
    return new Plane(hooks, chains, translation, ofNode, sourcesOfInput);
  }

  private String prefix(String table) {
    return plane + (family == Family.IPV4 ? "" : "ip6 ") + table + " ";
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
    List<SaveLines.Line> last = new ArrayList<>();
    Set<String> declared = new HashSet<>();
    SaveLines.forEach(file, text, line -> {
      String first = line.words().get(0);
      last.clear();
      last.add(line);
      if (first.startsWith("*")) {
        if (!open.isEmpty()) {
          throw new UnreadableDump(
              line.origin(), "a table begins before the one above it ended in COMMIT");
        }
        if (!BUILT_IN.containsKey(first.substring(1))) {
          throw new UnreadableDump(line.origin(), "`" + first + "` is no table of iptables");
        }
        String name = first.substring(1);
        if (tables.containsKey(name)) {
          throw twice(line, "the table " + name);
        }
        declared.clear();
        tables.put(name, builtIn(name));
        open.add(tables.get(name));
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
        if (!declared.add(first)) {
          throw twice(line, "the chain " + first.substring(1));
        }
        table.put(first.substring(1), new Draft(line.words().get(1), new ArrayList<>()));
      } else {
        rule(line, table);
      }
    });
    if (!open.isEmpty()) {
      throw new UnreadableDump(
          last.get(0).origin(),
          "the dump is not whole: the table that `" + last.get(0).text()
              + "` is in does not end in COMMIT");
    }
    return tables;
  }

  private static UnreadableDump twice(SaveLines.Line line, String what) {
    return new UnreadableDump(
        line.origin(),
        what + " is there twice: these are two dumps (hint: give what one `iptables-save` prints)");
  }

  /** {@code -A chain rule}, after counters or not; {@code -I chain [number] rule} as iptables-restore takes it. */
  private static void rule(SaveLines.Line line, Map<String, Draft> table) {
    List<String> words = new ArrayList<>(line.words());
    if (words.size() > 1 && words.get(0).startsWith("[")) {
      words.remove(0);
    }
    Draft draft = words.size() > 1 ? table.get(words.get(1)) : null;
    boolean insert = words.get(0).equals("-I");
    if (draft == null || !(insert || words.get(0).equals("-A"))) {
      throw new UnreadableDump(
          line.origin(), "`" + line.text() + "` is no rule of a chain of this table");
    }
    int at = draft.lines.size();
    if (insert) {
      boolean numbered =
          words.size() > 2 && words.get(2).chars().allMatch(c -> c >= '0' && c <= '9');
      at = numbered ? Math.min(at, Integer.parseInt(words.remove(2)) - 1) : 0;
    }
    draft.lines.add(at, new SaveLines.Line(List.copyOf(words), line.text(), line.origin()));
  }
}
