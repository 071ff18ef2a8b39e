package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.Iptables;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.netfilter.update.Update;
import dev.postern.netfilter.update.UpdateState;
import dev.postern.nftables.Nftables;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.prove.StatesBetween;
import dev.postern.prove.StatesBetween.Strayed;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.Tries;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Random updates, read from their files as the tools take them: each state lies between before and after, and the last is what is wanted. */
class UpdateStatesTest {

  private static final int CLUSTERS = Tries.share(40);

  /** What came of an update: the first state that strays, and whether the last is what the new policies say. */
  private record Outcome(int states, Optional<Strayed> strayed, Proof.Verdict last) {}

  @Test
  void everyStateOfAnUpdateOfIptablesLiesBetween() throws Refusal {
    between(true);
  }

  @Test
  void everyStateOfAnUpdateOfNftablesLiesBetween() throws Refusal {
    between(false);
  }

  private static void between(boolean iptables) throws Refusal {
    int states = 0;
    for (int seed = 0; seed < CLUSTERS; seed++) {
      Outcome outcome = outcome(iptables, seed, lines -> {});
      assertThat(outcome.strayed).as("cluster %d", seed).isEmpty();
      assertThat(outcome.last).as("cluster %d", seed).isEqualTo(Proof.Verdict.PROVED);
      states += outcome.states;
    }
    System.out.println(states + " states of " + CLUSTERS + " updates read from their files");
    assertThat(states).isGreaterThanOrEqualTo(Tries.share(9));
  }

  @Test
  void membersInTheOppositeOrderAreCaught() throws Refusal {
    int seed = 0;
    while (seed < 300 && !isCaught(seed, Collections::reverse)) {
      seed++;
    }
    assertThat(seed).isLessThan(300);
  }

  @Test
  void aMemberThatIsForgottenIsCaught() throws Refusal {
    int seed = 0;
    while (seed < 300 && !isCaught(seed, DeltaLines::withoutTheMiddle)) {
      seed++;
    }
    assertThat(seed).isLessThan(300);
  }

  private static boolean isCaught(int seed, Consumer<List<String>> edit) throws Refusal {
    Outcome outcome = outcome(true, seed, edit);
    return outcome.strayed.isPresent() || outcome.last == Proof.Verdict.DIFFERS;
  }

  private static final class DeltaLines {
    static void withoutTheMiddle(List<String> lines) {
      if (!lines.isEmpty()) {
        lines.remove(lines.size() / 2);
      }
    }
  }

  private static Outcome outcome(boolean iptables, int seed, Consumer<List<String>> edit)
      throws Refusal {
    Random random = new Random(seed);
    Cluster cluster = RandomCluster.of(seed, DeltaStatesTest.SMALL);
    Plan old = Plan.of(cluster);
    Plan now = Plan.of(Changes.some(cluster, random));
    Map<String, String> files = new TreeMap<>(
        iptables
            ? Iptables.backend().delta(old, now, Scope.CLUSTER).files()
            : Nftables.backend().delta(old, now, Scope.CLUSTER).files());
    List<String> members =
        new ArrayList<>(files.getOrDefault("3-members.restore", "").lines().toList());
    edit.accept(members);
    files.computeIfPresent(
        "3-members.restore",
        (name, text) -> members.isEmpty() ? "" : String.join("\n", members) + "\n");
    Map<String, List<Dump>> dumps = iptables
        ? ofIptables(Iptables.backend().compile(old, Scope.CLUSTER))
        : Map.of(
            "nft",
            List.of(new Dump(
                "ruleset", Nftables.backend().compile(old, Scope.CLUSTER).file(Nftables.RULESET))));
    List<UpdateState> states;
    try {
      states = Update.of(dumps(files)).states(dumps);
    } catch (UnreadableDump refusedByTheTool) {
      return new Outcome(0, Optional.empty(), Proof.Verdict.DIFFERS);
    }
    EnforcedRules before = rules(dumps);
    List<EnforcedRules> onTheWay =
        states.stream().map(state -> rules(state.dumps())).toList();
    EnforcedRules after =
        rules(states.isEmpty() ? dumps : states.get(states.size() - 1).dumps());
    return new Outcome(
        states.size(),
        new StatesBetween(now, Scope.CLUSTER, Contract.STRICT, before, after).first(onTheWay),
        Prover.prove(now, Scope.CLUSTER, after, Contract.STRICT).verdict());
  }

  static Map<String, List<Dump>> ofIptables(Artifact artifact) {
    return Map.of(
        "iptables-save",
        List.of(new Dump("rules4", artifact.file(Iptables.RULES_4))),
        "ip6tables-save",
        List.of(new Dump("rules6", artifact.file(Iptables.RULES_6))),
        "ipset-save",
        List.of(new Dump("sets", artifact.file(Iptables.SETS) + artifact.file("mark.restore"))));
  }

  static List<Dump> dumps(Map<String, String> files) {
    List<Dump> dumps = new ArrayList<>();
    files.forEach((name, text) -> dumps.add(new Dump(name, text)));
    return dumps;
  }

  static EnforcedRules rules(Map<String, List<Dump>> dumps) {
    return dumps.containsKey("nft")
        ? NftablesReader.read(text(dumps, "nft"))
        : IptablesReader.read(
            text(dumps, "iptables-save"), text(dumps, "ip6tables-save"), text(dumps, "ipset-save"));
  }

  private static String text(Map<String, List<Dump>> dumps, String name) {
    return dumps.getOrDefault(name, List.of()).stream()
        .map(Dump::text)
        .findFirst()
        .orElse("");
  }
}
