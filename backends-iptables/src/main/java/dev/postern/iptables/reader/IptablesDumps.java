package dev.postern.iptables.reader;

import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.netfilter.NodeFacts;
import dev.postern.netfilter.UnreadableDump;
import dev.postern.target.Reader;
import dev.postern.target.Reading;
import dev.postern.target.Scope;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
              "postern: error: --ipset-save holds no rules (hint: give --iptables-save, --ip6tables-save or both)"));
    }
    Dump four = dump(dumps, RULES_4);
    Dump six = dump(dumps, RULES_6);
    Dump sets = dump(dumps, SETS);
    try {
      dumps.getOrDefault(RULES_4, List.of()).forEach(WholeDump::requireRules);
      dumps.getOrDefault(RULES_6, List.of()).forEach(WholeDump::requireRules);
      dumps.getOrDefault(SETS, List.of()).forEach(WholeDump::requireSets);
      AddressSet local = scope.addresses(cluster);
      // What a node exchanges with its own pods comes by INPUT and OUTPUT, not by the rules that
      // are judged.
      Contract contract =
          Contract.STRICT.only(families.toArray(Family[]::new)).leavingOpen(Exemption.OWN_NODE);
      List<String> warnings = new ArrayList<>();
      if (asks("-type LOCAL", four, six) && !local.isEmpty()) {
        warnings.add("rules that ask for addresses of type LOCAL are taken to mean " + local
            + ", what the manifests say of the node");
      }
      if (asks("-m rpfilter", four, six)) {
        warnings.add(NodeFacts.REVERSE_PATH);
      }
      return new Reading(
          IptablesReader.read(four, six, sets, local), contract, List.of(), warnings);
    } catch (UnreadableDump problem) {
      return Reading.unreadable(List.of(String.valueOf(problem.getMessage())));
    }
  }

  private static Dump dump(Map<String, List<Dump>> dumps, String flag) {
    return dumps.getOrDefault(flag, List.of()).stream().findFirst().orElse(new Dump(flag, ""));
  }

  private static boolean asks(String words, Dump four, Dump six) {
    return four.text().contains(words) || six.text().contains(words);
  }
}
