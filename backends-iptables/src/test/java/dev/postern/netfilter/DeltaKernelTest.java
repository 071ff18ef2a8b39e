package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.Iptables;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.nftables.Nftables;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A chain of deltas leaves a node with exactly the rules that the whole artefact would have given it. */
class DeltaKernelTest {

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
  void nftablesDeltasEndInTheWholeRuleset() throws Refusal {
    Nftables nftables = Nftables.backend();
    for (int seed = 0; seed < 25; seed++) {
      List<Plan> plans = plans(seed);
      lab.apply(nftables.compile(plans.get(0), Scope.CLUSTER).files(), "apply.sh");
      for (int i = 1; i < plans.size(); i++) {
        lab.apply(
            nftables.delta(plans.get(i - 1), plans.get(i), Scope.CLUSTER).files(), "apply.sh");
      }
      String byDeltas = ruleset(lab);
      Artifact whole = nftables.compile(plans.get(plans.size() - 1), Scope.CLUSTER);
      lab.apply(whole.files(), "apply.sh");
      assertThat(byDeltas).as("cluster %d", seed).isEqualTo(ruleset(lab));
      lab.apply(whole.files(), "remove.sh");
    }
  }

  /** The table, with the order of definitions and elements taken out. */
  static String ruleset(RouterLab lab) {
    return lab.inRouter("nft", "list", "ruleset")
        .replace("postern_b", "postern")
        .replaceAll(",\\s+", ",\n")
        .replaceAll("elements = \\{ |\\s\\}", "\n")
        .lines()
        .map(line -> line.strip().replaceAll(",$", ""))
        .filter(line -> !line.isEmpty())
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  @Test
  void iptablesDeltasEndInTheWholeRules() throws Refusal {
    Iptables iptables = Iptables.backend();
    for (int seed = 0; seed < 15; seed++) {
      List<Plan> plans = plans(seed);
      lab.apply(iptables.compile(plans.get(0), Scope.CLUSTER).files(), "apply.sh");
      for (int i = 1; i < plans.size(); i++) {
        lab.apply(
            iptables.delta(plans.get(i - 1), plans.get(i), Scope.CLUSTER).files(), "apply.sh");
      }
      String byDeltas = rules(lab);
      Artifact whole = iptables.compile(plans.get(plans.size() - 1), Scope.CLUSTER);
      lab.apply(whole.files(), "apply.sh");
      assertThat(byDeltas).as("cluster %d", seed).isEqualTo(rules(lab));
      lab.apply(whole.files(), "remove.sh");
    }
  }

  static String rules(RouterLab lab) {
    return (lab.inRouter("iptables-save", "-t", "mangle")
            + lab.inRouter("ip6tables-save", "-t", "mangle")
            + lab.inRouter("ipset", "save"))
            .lines()
            .filter(line -> line.startsWith("-A")
                || line.startsWith(":POSTERN")
                || line.startsWith("add")
                || line.startsWith("create"))
            .map(line -> line.replaceAll(
                " initval 0x[0-9a-f]+| \\[[0-9:]+\\]| hashsize [0-9]+ maxelem [0-9]+", ""))
            .map(line -> line.replaceAll("postern[_.]", "postern-"))
            .collect(Collectors.groupingBy(line -> line.startsWith("-A"), Collectors.toList()))
            .entrySet()
            .stream()
            .map(e -> sortedByChain(e.getValue()))
            .collect(Collectors.joining("\n"));
  }

  /** Rules stay in the order of their chain, chains and members come in any. */
  private static String sortedByChain(List<String> lines) {
    List<String> sorted = new ArrayList<>(lines);
    sorted.sort(Comparator.comparing(line -> line.startsWith("-A") ? line.split(" ")[1] : line));
    return String.join("\n", sorted);
  }

  /** Each script, command by command: after each the rules in force allow at most what old or new allow, and at least what both do. */
  @Test
  void everyIntermediateStateLiesBetweenOldAndNew() throws Refusal {
    Nftables nftables = Nftables.backend();
    Iptables iptables = Iptables.backend();
    int states = 0;
    for (int seed = 0; seed < 3; seed++) {
      List<Plan> plans = plans(RandomCluster.of(seed, DeltaStatesTest.SMALL), seed);
      for (int i = 1; i < plans.size(); i++) {
        Plan old = plans.get(i - 1);
        Plan now = plans.get(i);
        for (boolean whole : new boolean[] {true, false}) {
          states += between(
              nftables.compile(old, Scope.CLUSTER),
              whole
                  ? nftables.compile(now, Scope.CLUSTER)
                  : nftables.delta(old, now, Scope.CLUSTER),
              old,
              now);
          states += between(
              iptables.compile(old, Scope.CLUSTER),
              whole
                  ? iptables.compile(now, Scope.CLUSTER)
                  : iptables.delta(old, now, Scope.CLUSTER),
              old,
              now);
        }
      }
    }
    System.out.println(states + " intermediate states");
    assertThat(states).isGreaterThan(150);
  }

  /** Runs a script whose tools are ours: each logs the state of the kernel after it did its work. */
  private static int between(Artifact before, Artifact step, Plan old, Plan now) {
    lab.apply(before.files(), "apply.sh");
    boolean nft = before.files().containsKey(Nftables.RULESET);
    List<String> dumps = lab.applyStepByStep(step.files(), nft);
    Between between = new Between(old, now);
    for (String dump : dumps) {
      EnforcedRules rules = nft ? NftablesReader.read(dump) : iptables(dump);
      assertThat(between.differences(rules)).isEmpty();
    }
    lab.apply(before.files(), "remove.sh");
    return dumps.size();
  }

  private static EnforcedRules iptables(String dump) {
    String[] parts = dump.split("=====\n", -1);
    return IptablesReader.read(parts[0], parts[1], parts[2]);
  }

  /** A cluster, the same with fewer pods, with other policies, and with all of it again. */
  private static List<Plan> plans(int seed) {
    return plans(RandomCluster.of(seed, NftablesKernelTest.PROFILE), seed);
  }

  private static List<Plan> plans(Cluster cluster, int seed) {
    Random random = new Random(seed);
    List<Workload> fewer =
        cluster.workloads().stream().filter(w -> random.nextInt(4) > 0).toList();
    List<Policy> others =
        cluster.policies().stream().filter(p -> random.nextInt(3) > 0).toList();
    return List.of(
        Plan.of(cluster),
        Plan.of(cluster.withWorkloads(fewer)),
        Plan.of(cluster.withWorkloads(fewer).withPolicies(others)),
        Plan.of(cluster.withPolicies(others)),
        Plan.of(cluster.withPolicies(List.of())),
        Plan.of(cluster));
  }
}
