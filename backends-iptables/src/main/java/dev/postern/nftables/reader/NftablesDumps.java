package dev.postern.nftables.reader;

import dev.postern.backend.Reader;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Contract;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.AddressSet;
import dev.postern.netfilter.reader.NodeFacts;
import dev.postern.netfilter.reader.NodePaths;
import dev.postern.netfilter.reader.Plane;
import dev.postern.netfilter.reader.Planes;
import dev.postern.netfilter.reader.PrintedText;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.netfilter.reader.VirtualServers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code postern prove} reads of a node with nftables. */
public final class NftablesDumps implements Reader {

  /** What {@code nft -j list ruleset} prints where there are no tables. */
  public static final String NO_TABLES =
      "{\"nftables\": [{\"metainfo\": {\"json_schema_version\": 1}}]}";

  private static final String RULESET = "nft";
  private static final List<String> OTHERS = List.of("iptables-legacy", "tc and XDP programs");

  /** {@code fib saddr . iif oif missing}, or as JSON says it. */
  private static final Pattern ROUTE_BACK =
      Pattern.compile("\\bfib saddr\\b[^\\n]*\\boif\\b|\"result\"\\s*:\\s*\"(check|oif|oifname)\"");

  /** {@code fib daddr type local}, or as JSON says it. */
  private static final Pattern LOCAL =
      Pattern.compile("\\bfib [sd]addr\\b[^\\n]*\\btype\\b|\"result\"\\s*:\\s*\"type\"");

  @Override
  public String target() {
    return "nftables";
  }

  @Override
  public List<Input> inputs() {
    return List.of(new Input(
        RULESET,
        "What `nft list ruleset` or `nft -j list ruleset` prints.",
        true,
        false,
        List.of("nft", "-j", "list", "ruleset")));
  }

  @Override
  public Reading read(Map<String, List<Dump>> dumps, Cluster cluster, Scope scope) {
    Dump ruleset = dumps.getOrDefault(RULESET, List.of()).get(0);
    try {
      require(ruleset);
      List<String> warnings = warnings(ruleset, scope.addresses(cluster));
      AddressSet local = scope.addresses(cluster);
      List<Plane> planes = NftablesReader.planes(ruleset.file(), ruleset.text(), local);
      Contract contract = Contract.STRICT.leavingOpen(Exemption.OWN_NODE);
      boolean served = VirtualServers.areIn(Stream.of(ruleset.text()));
      return new Reading(
              Planes.rules(ruleset.file(), planes, List.of()), contract, List.of(), warnings)
          .withNotes(
              Stream.concat(Stream.of(Planes.unread(OTHERS)), VirtualServers.notes(served).stream())
                  .toList())
          .beside(OTHERS)
          .with(NodePaths.of(ruleset.file(), planes, List.of(), contract, cluster, scope, served));
    } catch (UnreadableDump problem) {
      return Reading.unreadable(List.of(String.valueOf(problem.getMessage())));
    }
  }

  /**
   * A dump holds something: the plain form of a node without tables is empty, as is what a tool prints that failed.
   *
   * @throws UnreadableDump if it is empty but for comments, or holds what nft does not print
   */
  public static void require(Dump ruleset) {
    PrintedText.require(ruleset);
    if (ruleset.text().lines().allMatch(line -> line.isBlank() || line.strip().startsWith("#"))) {
      throw new UnreadableDump(
          new Origin(ruleset.file(), 1, 1, ""),
          "the dump is empty (hint: give what `nft -j list ruleset` prints: it is never empty)");
    }
  }

  /** What some of the rules are taken to mean. */
  public static List<String> warnings(Dump ruleset, AddressSet local) {
    List<String> warnings = new ArrayList<>();
    if (LOCAL.matcher(ruleset.text()).find()) {
      warnings.add(NodeFacts.local(local));
    }
    if (ROUTE_BACK.matcher(ruleset.text()).find()) {
      warnings.add(NodeFacts.REVERSE_PATH);
    }
    return warnings;
  }
}
