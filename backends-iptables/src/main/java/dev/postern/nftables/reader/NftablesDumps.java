package dev.postern.nftables.reader;

import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.netfilter.UnreadableDump;
import dev.postern.target.Reader;
import dev.postern.target.Reading;
import dev.postern.target.Scope;
import java.util.List;
import java.util.Map;

/** What {@code postern prove} reads of a node with nftables. */
public final class NftablesDumps implements Reader {

  private static final String RULESET = "nft";

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
    if (ruleset.text().isBlank()) {
      return Reading.unreadable(
          List.of(
              ruleset.file()
                  + ":1:1: error: the dump is empty (hint: give what `nft -j list ruleset` prints: it is never empty)"));
    }
    try {
      List<String> warnings = ruleset.text().contains("fib")
          ? List.of(
              "rules that ask for a route back to a packet's source are taken to find one: packets come in where their answers leave")
          : List.of();
      return new Reading(
          NftablesReader.read(ruleset.file(), ruleset.text(), scope.addresses(cluster)),
          Contract.STRICT.leavingOpen(Exemption.OWN_NODE),
          List.of(),
          warnings);
    } catch (UnreadableDump problem) {
      return Reading.unreadable(List.of(String.valueOf(problem.getMessage())));
    }
  }
}
