package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Backend;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.Iptables;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.meaning.Options;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.nftables.Nftables;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Broken rules in the real kernel: where packets are treated otherwise than the policies say, nothing is proved of what the kernel prints. */
class RuleMutantsKernelTest {

  private static final int CLUSTERS = Integer.getInteger("mutants.clusters", 16);
  private static final int FIRST = Integer.getInteger("mutants.first", 0);
  private static final int PROBES = 200;
  private static final int UNREADABLE = Proof.Verdict.values().length;

  private static RouterLab lab;

  private final Map<RuleMutants.Kind, int[][]> counts = new EnumMap<>(RuleMutants.Kind.class);
  private final List<String> wrong = new ArrayList<>();
  private int refused;

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
  void noMutantOfIptablesThatChangesAVerdictIsProved() throws Refusal {
    judge(Iptables.backend());
  }

  @Test
  void noMutantOfNftablesThatChangesAVerdictIsProved() throws Refusal {
    judge(Nftables.backend());
  }

  private void judge(Backend backend) throws Refusal {
    for (int seed = FIRST; seed < FIRST + CLUSTERS; seed++) {
      Random random = new Random(seed);
      Cluster cluster = RandomCluster.of(seed, NftablesKernelTest.PROFILE);
      Plan plan = Plan.of(cluster);
      SortedMap<String, String> files = backend.compile(plan, Scope.CLUSTER).files();
      List<String> texts = files.keySet().stream()
          .filter(name ->
              name.endsWith(".nft") || name.endsWith(".restore") && !name.equals("mark.restore"))
          .toList();
      for (RuleMutants.Kind kind : RuleMutants.Kind.values()) {
        String file = texts.get(random.nextInt(texts.size()));
        Optional<String> broken = RuleMutants.of(files.getOrDefault(file, ""), kind, random);
        if (broken.isPresent()) {
          SortedMap<String, String> mutant = new TreeMap<>(files);
          mutant.put(file, broken.get());
          if (isLoaded(mutant)) {
            add(seed, kind, cluster, plan, changed(files.getOrDefault(file, ""), broken.get()));
          } else {
            refused++;
          }
        }
      }
    }
    clear();
    check(backend.target());
  }

  private void add(int seed, RuleMutants.Kind kind, Cluster cluster, Plan plan, String changed) {
    int outcome = UNREADABLE;
    try {
      outcome =
          Prover.prove(plan, Scope.CLUSTER, read(), Contract.STRICT).verdict().ordinal();
    } catch (UnreadableDump unreadable) {
      // Nothing is proved.
    }
    List<String> differences =
        new KernelVerdicts(lab).differences(cluster, Options.DEFAULT, new Random(seed), PROBES);
    if (outcome == Proof.Verdict.PROVED.ordinal() && !differences.isEmpty()) {
      wrong.add(
          "cluster " + seed + ", " + kind + " is proved: " + differences.get(0) + "\n" + changed);
    }
    counts
        .computeIfAbsent(kind, key -> new int[2][UNREADABLE + 1])[differences.isEmpty() ? 1 : 0][
        outcome]++;
  }

  private static void clear() {
    lab.inRouter("sh", "-c", "nft flush ruleset && ipset destroy");
  }

  /** Puts broken files in force; false if the engine refuses them. */
  private static boolean isLoaded(Map<String, String> files) {
    clear();
    try {
      if (files.containsKey(Nftables.RULESET)) {
        lab.inRouterWithInput(files.getOrDefault(Nftables.RULESET, ""), "nft -f -");
      } else {
        lab.inRouterWithInput(files.getOrDefault(Iptables.SETS, ""), "ipset restore");
        lab.inRouterWithInput(files.getOrDefault(Iptables.RULES_4, ""), "iptables-restore");
        lab.inRouterWithInput(files.getOrDefault(Iptables.RULES_6, ""), "ip6tables-restore");
      }
      return true;
    } catch (IllegalStateException refusal) {
      return false;
    }
  }

  /** What the kernel prints. */
  private static EnforcedRules read() {
    String sets = lab.inRouter("ipset", "save");
    return sets.isBlank()
        ? NftablesReader.read(lab.inRouter("nft", "-j", "list", "ruleset"))
        : IptablesReader.read(lab.inRouter("iptables-save"), lab.inRouter("ip6tables-save"), sets);
  }

  private void check(String target) {
    int effects = 0;
    for (Map.Entry<RuleMutants.Kind, int[][]> each : counts.entrySet()) {
      System.out.println(target + " mutants, seeds from " + FIRST + ", " + each.getKey()
          + ": of those with an effect " + words(each.getValue()[0]) + "; of the others "
          + words(each.getValue()[1]));
      for (int count : each.getValue()[0]) {
        effects += count;
      }
    }
    System.out.println(target + ": the kernel refused " + refused + " mutants");
    assertThat(wrong).as("seeds from %d", FIRST).isEmpty();
    int[][] unbroken = counts.getOrDefault(RuleMutants.Kind.NOTHING, new int[2][UNREADABLE + 1]);
    assertThat(unbroken[0]).as("the kernel on what is not broken").containsOnly(0);
    assertThat(unbroken[1][Proof.Verdict.PROVED.ordinal()])
        .as("what is not broken is proved")
        .isEqualTo(CLUSTERS);
    assertThat(effects).as("mutants with an effect").isGreaterThanOrEqualTo(CLUSTERS);
  }

  private static String words(int[] count) {
    return count[Proof.Verdict.DIFFERS.ordinal()] + " refuted, "
        + count[Proof.Verdict.UNKNOWN.ordinal()] + " unknown, " + count[UNREADABLE]
        + " not readable, " + count[Proof.Verdict.PROVED.ordinal()] + " proved";
  }

  private static String changed(String before, String after) {
    List<String> old = new ArrayList<>(before.lines().toList());
    List<String> now = new ArrayList<>(after.lines().toList());
    List<String> common = List.copyOf(old);
    old.removeAll(now);
    now.removeAll(common);
    return old + " became " + now;
  }
}
