package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Incremental;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.Iptables;
import dev.postern.netfilter.update.Update;
import dev.postern.netfilter.update.UpdateState;
import dev.postern.nftables.Nftables;
import dev.postern.plan.Plan;
import dev.postern.prove.StatesBetween;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an update's files are read to make of a kernel's rules is what the kernel's own tools make of them. */
class UpdateKernelTest {

  private static final int CLUSTERS = 20;

  private static RouterLab lab;

  @BeforeAll
  static void open() {
    Engines.require("iptables", "ip6tables", "ipset", "nft");
    lab = RouterLab.open();
  }

  @AfterAll
  static void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void updatesOfIptablesEndWhereTheyAreReadToEnd() throws Refusal {
    updates(Iptables.backend(), false);
  }

  @Test
  void eachTransactionOfNftablesMakesWhatItIsReadToMake() throws Refusal {
    updates(Nftables.backend(), true);
  }

  private static <B extends dev.postern.backend.Backend & Incremental> void updates(
      B backend, boolean nft) throws Refusal {
    int compared = 0;
    for (int seed = 0; seed < CLUSTERS; seed++) {
      Cluster cluster = RandomCluster.of(seed, DeltaStatesTest.SMALL);
      Plan old = Plan.of(cluster);
      Plan now = Plan.of(Changes.some(cluster, new Random(seed)));
      Artifact whole = backend.compile(old, Scope.CLUSTER);
      lab.apply(whole.files(), "apply.sh");
      Map<String, List<Dump>> before = printed(nft);
      Artifact delta = backend.delta(old, now, Scope.CLUSTER);
      List<UpdateState> states =
          Update.of(UpdateStatesTest.dumps(delta.files())).states(before);
      List<String> kernel = lab.applyStepByStep(delta.files(), nft);
      if (nft) {
        assertThat(kernel).as("cluster %d", seed).hasSameSizeAs(states);
        for (int i = 0; i < states.size(); i++) {
          same(now, Map.of("nft", List.of(new Dump("kernel", kernel.get(i)))), states.get(i));
          compared++;
        }
      } else if (!states.isEmpty()) {
        same(now, printed(false), states.get(states.size() - 1));
        compared++;
      }
      lab.apply(whole.files(), "remove.sh");
    }
    assertThat(compared).isGreaterThan(4);
  }

  private static void same(Plan plan, Map<String, List<Dump>> kernel, UpdateState state) {
    EnforcedRules there = UpdateStatesTest.rules(kernel);
    assertThat(new StatesBetween(plan, Scope.CLUSTER, Contract.STRICT, there, there)
            .first(List.of(UpdateStatesTest.rules(state.dumps()))))
        .as("%s:%d", state.file(), state.line())
        .isEmpty();
  }

  private static Map<String, List<Dump>> printed(boolean nft) {
    return nft
        ? Map.of("nft", List.of(new Dump("nft", lab.inRouter("nft", "-j", "list", "ruleset"))))
        : Map.of(
            "iptables-save",
            List.of(new Dump("iptables-save", lab.inRouter("iptables-save"))),
            "ip6tables-save",
            List.of(new Dump("ip6tables-save", lab.inRouter("ip6tables-save"))),
            "ipset-save",
            List.of(new Dump("ipset save", lab.inRouter("ipset", "save"))));
  }
}
