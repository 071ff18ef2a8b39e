package dev.postern.netfilter.node;

import dev.postern.backend.Note;
import dev.postern.backend.Reader;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.iptables.reader.IptablesDumps;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.iptables.reader.SaveComments;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.Family;
import dev.postern.netfilter.reader.NodeFacts;
import dev.postern.netfilter.reader.NodePaths;
import dev.postern.netfilter.reader.Plane;
import dev.postern.netfilter.reader.Planes;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.netfilter.reader.VirtualServers;
import dev.postern.nftables.reader.NftablesDumps;
import dev.postern.nftables.reader.NftablesReader;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads all of a node that filters packets, and judges it together: a packet has to pass nftables, iptables-nft and iptables-legacy alike. The
 * tables of iptables-nft are in nftables' dump as well; where both dumps are given they are read once, from the one that hides nothing.
 */
public final class NodeDumps implements Reader {

  private static final String NFT = "nft";
  private static final String SETS = "ipset-save";
  private static final String PROGRAMS = "bpftool-net";

  /** A dump of iptables' rules: its name, the family, and whether it can only be iptables-legacy's. */
  private record Save(String name, Family family, boolean legacy) {}

  private static final List<Save> SAVES = List.of(
      new Save("iptables-save", Family.IPV4, false),
      new Save("ip6tables-save", Family.IPV6, false),
      new Save("iptables-legacy-save", Family.IPV4, true),
      new Save("ip6tables-legacy-save", Family.IPV6, true));

  @Override
  public String target() {
    return "node";
  }

  @Override
  public List<Input> inputs() {
    List<Input> inputs = new ArrayList<>();
    for (Save save : SAVES) {
      inputs.add(input(save.name(), List.of(save.name())));
    }
    inputs.add(new Input(
        NFT,
        "What `nft list ruleset` or `nft -j list ruleset` prints.",
        false,
        false,
        List.of("nft", "-j", "list", "ruleset")));
    inputs.add(
        new Input(SETS, "What `ipset save` prints.", false, false, List.of("ipset", "save")));
    inputs.add(new Input(
        PROGRAMS,
        "What `bpftool -j net` prints: the tc and XDP programs that are attached.",
        false,
        false,
        List.of("bpftool", "-j", "net")));
    return inputs;
  }

  private static Input input(String name, List<String> command) {
    return new Input(name, "What `" + name + "` prints.", false, false, command);
  }

  @Override
  public List<String> doubts(Map<String, List<Dump>> dumps) {
    List<String> doubts =
        new ArrayList<>(IptablesDumps.doubts(dumps.getOrDefault(SETS, List.of())));
    if (!dumps.containsKey(NFT)) {
      doubts.addAll(IptablesDumps.inPart(SAVES.stream()
          .filter(save -> !save.legacy())
          .flatMap(save -> dumps.getOrDefault(save.name(), List.of()).stream())
          .toList()));
    }
    return List.copyOf(doubts);
  }

  @Override
  public Reading read(Map<String, List<Dump>> dumps, Cluster cluster, Scope scope) {
    try {
      return read(new Given(dumps), cluster, scope);
    } catch (UnreadableDump problem) {
      return Reading.unreadable(List.of(String.valueOf(problem.getMessage())));
    }
  }

  private static Reading read(Given given, Cluster cluster, Scope scope) {
    Set<Family> families = EnumSet.noneOf(Family.class);
    SAVES.stream()
        .filter(save -> given.dump(save.name()).isPresent())
        .forEach(save -> families.add(save.family()));
    if (given.dump(NFT).isPresent()) {
      families.addAll(EnumSet.allOf(Family.class));
    }
    if (families.isEmpty()) {
      return Reading.unreadable(
          List.of(
              "postern: error: no dump that is given holds rules (hint: give what `iptables-save` or `nft list ruleset` prints as well)"));
    }
    IptablesDumps.require(given.saves(), given.dump(SETS).stream().toList());
    given.dump(NFT).ifPresent(NftablesDumps::require);
    NodeFacts node =
        new NodeFacts(scope.addresses(cluster), given.marksConnections(), NodeFacts.ANYTHING);
    List<String> unseen = new ArrayList<>(given.unseen());
    Optional<Dump> programs = given.dump(PROGRAMS);
    if (programs.isPresent()) {
      unseen.addAll(Programs.attached(programs.get()));
    }
    Contract contract =
        Contract.STRICT.only(families.toArray(Family[]::new)).leavingOpen(Exemption.OWN_NODE);
    List<String> warnings =
        new ArrayList<>(IptablesDumps.warnings(given.saves(), node.addresses()));
    given
        .dump(NFT)
        .ifPresent(ruleset -> warnings.addAll(NftablesDumps.warnings(ruleset, node.addresses())));
    List<Plane> planes = Planes.read(node, facts -> planes(given, facts), unseen);
    boolean served = VirtualServers.areIn(given.texts());
    return new Reading(
            Planes.rules(given.file(), planes, unseen),
            contract,
            List.of(),
            warnings.stream().distinct().toList())
        .withNotes(
            Stream.concat(notes(given, unseen).stream(), VirtualServers.notes(served).stream())
                .toList())
        .beside(missing(given))
        .with(NodePaths.of(given.file(), planes, unseen, contract, cluster, scope, served));
  }

  private static List<Plane> planes(Given given, NodeFacts node) {
    List<Plane> planes = new ArrayList<>();
    Dump sets = given.dump(SETS).orElse(new Dump(SETS, ""));
    Optional<Dump> nft = given.dump(NFT);
    Set<String> twice = nft.map(each -> tables(each, false)).orElse(Set.of());
    Set<String> onlyOfNft = new HashSet<>(nft.map(each -> tables(each, true)).orElse(Set.of()));
    onlyOfNft.removeAll(twice);
    Set<String> leftOut = new HashSet<>();
    for (Save save : SAVES) {
      Optional<Dump> dump = given.dump(save.name());
      if (dump.isPresent()) {
        String name = save.legacy() ? "legacy " : "";
        String prefix = save.family() == Family.IPV4 ? "ip " : "ip6 ";
        boolean ofNftables = !save.legacy() && SaveComments.of(dump.get()).isOfNftables();
        // What `nft` put into a table of iptables-nft's, `iptables-save` prints in part.
        Set<String> without = ofNftables
            ? onlyOfNft.stream()
                .filter(table -> table.startsWith(prefix))
                .map(table -> table.substring(prefix.length()))
                .collect(Collectors.toSet())
            : Set.of();
        planes.add(IptablesReader.plane(save.family(), name, dump.get(), sets, node, without));
        if (!save.legacy()) {
          leftOut.addAll(alsoOfNftables(dump.get(), save.family()));
        }
      }
    }
    leftOut.retainAll(twice);
    nft.ifPresent(
        ruleset -> planes.add(NftablesReader.plane(ruleset.file(), ruleset.text(), leftOut, node)));
    return planes;
  }

  private static Set<String> tables(Dump ruleset, boolean alsoOfNft) {
    return NftablesReader.tablesOfIptables(ruleset.file(), ruleset.text(), alsoOfNft);
  }

  /** The tables that nftables' dump has as well. */
  private static List<String> alsoOfNftables(Dump dump, Family family) {
    SaveComments comments = SaveComments.of(dump);
    String prefix = family == Family.IPV4 ? "ip " : "ip6 ";
    return comments.isOfNftables()
        ? comments.wholeTables().stream().map(table -> prefix + table).toList()
        : List.of();
  }

  private static List<Note> notes(Given given, List<String> unseen) {
    List<Note> notes = new ArrayList<>();
    List<String> missing = missing(given);
    if (!missing.isEmpty()) {
      notes.add(Planes.unread(missing));
    }
    unseen.forEach(what -> notes.add(Note.of("it may drop packets, and was not read: " + what)));
    return notes;
  }

  /** What filters on a node and no dump shows. */
  private static List<String> missing(Given given) {
    return Stream.of(
            given.dump(NFT).isPresent() ? "" : "nftables",
            given.hasLegacy() ? "" : "iptables-legacy",
            given.dump(PROGRAMS).isPresent() ? "" : "tc and XDP programs")
        .filter(name -> !name.isEmpty())
        .toList();
  }

  /** The dumps that were given, by their names. */
  private record Given(Map<String, List<Dump>> dumps) {

    Optional<Dump> dump(String name) {
      return dumps.getOrDefault(name, List.of()).stream().findFirst();
    }

    Stream<String> texts() {
      return dumps.values().stream().flatMap(List::stream).map(Dump::text);
    }

    List<Dump> saves() {
      return SAVES.stream().flatMap(save -> dump(save.name()).stream()).toList();
    }

    boolean hasLegacy() {
      return SAVES.stream()
          .anyMatch(save -> dump(save.name())
              .filter(dump -> save.legacy() || SaveComments.of(dump).isOfLegacy())
              .isPresent());
    }

    /** What the dumps say that the node has besides. */
    List<String> unseen() {
      List<String> unseen = new ArrayList<>();
      for (Dump dump : saves()) {
        SaveComments comments = SaveComments.of(dump);
        comments.others().stream()
            .filter(tool ->
                dump(tool).isEmpty() && !(tool.contains("-nft-") && dump(NFT).isPresent()))
            .forEach(tool -> unseen.add("what `" + tool + "` prints"));
        if (dump(NFT).isEmpty()) {
          comments
              .incompatible()
              .forEach(table -> unseen.add("what only `nft` prints of table " + table));
        }
      }
      return unseen;
    }

    String file() {
      return dumps.values().stream()
          .flatMap(List::stream)
          .findFirst()
          .map(Dump::file)
          .orElse("");
    }

    boolean marksConnections() {
      return saves().stream().anyMatch(dump -> IptablesReader.marksConnections(dump.text()))
          || dump(NFT)
              .filter(dump -> NftablesReader.marksConnections(dump.text()))
              .isPresent();
    }
  }
}
