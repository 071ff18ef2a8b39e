package dev.postern.iptables.reader;

import dev.postern.backend.Note;
import dev.postern.backend.Reader;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.netfilter.reader.NodeFacts;
import dev.postern.netfilter.reader.NodePaths;
import dev.postern.netfilter.reader.Plane;
import dev.postern.netfilter.reader.Planes;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.netfilter.reader.VirtualServers;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What {@code postern prove} reads of a node with iptables; nothing is said of a family whose dump is not given. */
public final class IptablesDumps implements Reader {

  private static final String RULES_4 = "iptables-save";
  private static final String RULES_6 = "ip6tables-save";
  private static final String SETS = "ipset-save";

  @Override
  public String target() {
    return "iptables";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        new Input(RULES_4, "What `iptables-save` prints.", false, false, List.of(RULES_4)),
        new Input(RULES_6, "What `ip6tables-save` prints.", false, false, List.of(RULES_6)),
        new Input(SETS, "What `ipset save` prints.", false, false, List.of("ipset", "save")));
  }

  @Override
  public List<String> doubts(Map<String, List<Dump>> dumps) {
    List<Dump> rules = Stream.of(RULES_4, RULES_6)
        .flatMap(name -> dumps.getOrDefault(name, List.of()).stream())
        .toList();
    return Stream.concat(
            doubts(dumps.getOrDefault(SETS, List.of())).stream(), inPart(rules).stream())
        .toList();
  }

  @Override
  public Reading read(Map<String, List<Dump>> dumps, Cluster cluster, Scope scope) {
    Set<Family> families = EnumSet.noneOf(Family.class);
    if (dumps.containsKey(RULES_4)) {
      families.add(Family.IPV4);
    }
    if (dumps.containsKey(RULES_6)) {
      families.add(Family.IPV6);
    }
    if (families.isEmpty()) {
      return Reading.unreadable(
          List.of(
              "postern: error: what `ipset save` prints holds no rules (hint: give what `iptables-save` or `ip6tables-save` prints as well)"));
    }
    Dump four = dump(dumps, RULES_4);
    Dump six = dump(dumps, RULES_6);
    Dump sets = dump(dumps, SETS);
    try {
      List<Dump> rules = Stream.of(RULES_4, RULES_6)
          .flatMap(name -> dumps.getOrDefault(name, List.of()).stream())
          .toList();
      require(rules, dumps.getOrDefault(SETS, List.of()));
      List<String> unseen =
          rules.stream().flatMap(dump -> unseen(SaveComments.of(dump)).stream()).toList();
      AddressSet local = scope.addresses(cluster);
      // What a node exchanges with its own pods comes by INPUT and OUTPUT, not by the rules that
      // are judged.
      Contract contract =
          Contract.STRICT.only(families.toArray(Family[]::new)).leavingOpen(Exemption.OWN_NODE);
      List<String> warnings = warnings(rules, local);
      List<Plane> planes = IptablesReader.planes(four, six, sets, local, unseen);
      boolean served = VirtualServers.areIn(texts(four, six, sets));
      return new Reading(Planes.rules(four.file(), planes, unseen), contract, List.of(), warnings)
          .withNotes(
              Stream.concat(notes(rules, unseen).stream(), VirtualServers.notes(served).stream())
                  .toList())
          .beside(others(rules))
          .with(NodePaths.of(four.file(), planes, unseen, contract, cluster, scope, served));
    } catch (UnreadableDump problem) {
      return Reading.unreadable(List.of(String.valueOf(problem.getMessage())));
    }
  }

  /**
   * Dumps are whole.
   *
   * @throws UnreadableDump if one is cut
   */
  public static void require(List<Dump> rules, List<Dump> sets) {
    rules.forEach(WholeDump::requireRules);
    sets.forEach(WholeDump::requireSets);
  }

  /** That nothing shows the end of a dump of sets. */
  public static List<String> doubts(List<Dump> sets) {
    return sets.stream().allMatch(dump -> dump.text().isBlank())
        ? List.of()
        : List.of(
            "`ipset save` marks no end: were sets or members cut off after a whole line, it would not show");
  }

  /**
   * That rules may be printed in part: {@code iptables-save} of iptables-nft leaves out what it has no words for of rules that {@code nft} put
   * into its tables, and only sometimes says so.
   *
   * @param rules dumps of tables that are not in nftables' dump as well
   */
  public static List<String> inPart(List<Dump> rules) {
    return rules.stream().allMatch(dump -> SaveComments.of(dump).isOfLegacy())
        ? List.of()
        : List.of(
            "that `nft` put no rules into the tables of iptables-nft is taken as given: `iptables-save` prints such"
                + " rules in part (hint: give what `nft list ruleset` prints as well)");
  }

  /** What the dump says that the node has besides. */
  private static List<String> unseen(SaveComments comments) {
    return Stream.concat(
            comments.others().stream().map(tool -> "what `" + tool + "` prints"),
            comments.incompatible().stream()
                .map(table -> "what only `nft` prints of table " + table))
        .toList();
  }

  /** What else filters on a node. */
  private static List<String> others(List<Dump> rules) {
    boolean legacy = rules.stream().allMatch(dump -> SaveComments.of(dump).isOfLegacy());
    return legacy
        ? List.of("nftables", "tc and XDP programs")
        : List.of("nftables", "iptables-legacy", "tc and XDP programs");
  }

  private static List<Note> notes(List<Dump> rules, List<String> unseen) {
    List<Note> notes = new ArrayList<>();
    notes.add(Planes.unread(others(rules)));
    unseen.forEach(what -> notes.add(Note.of("it may drop packets, and was not read: " + what)));
    return notes;
  }

  private static Stream<String> texts(Dump... dumps) {
    return Stream.of(dumps).map(Dump::text);
  }

  private static Dump dump(Map<String, List<Dump>> dumps, String name) {
    return dumps.getOrDefault(name, List.of()).stream().findFirst().orElse(new Dump(name, ""));
  }

  /**
   * What some of the rules are taken to mean.
   *
   * @param local the node's own addresses
   */
  public static List<String> warnings(List<Dump> rules, AddressSet local) {
    List<String> warnings = new ArrayList<>();
    if (asks("-type LOCAL", rules)) {
      warnings.add(NodeFacts.local(local));
    }
    if (asks("-m rpfilter", rules)) {
      warnings.add(NodeFacts.REVERSE_PATH);
    }
    return warnings;
  }

  private static boolean asks(String words, List<Dump> rules) {
    return rules.stream().anyMatch(dump -> dump.text().contains(words));
  }
}
