package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Obligation;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.enforced.Contract;
import dev.postern.iptables.Iptables;
import dev.postern.meaning.End;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.nftables.Nftables;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Postern's own artefact beside rules in the layouts of firewalld, ufw, the kubelet and kube-proxy, in force in the real kernel: proved as it
 * is, and with one thing broken in the others' rules refuted exactly when a packet is treated otherwise.
 */
class BesideMutantsKernelTest {

  private static final Pattern PASSES = Pattern.compile(
      "-j (ACCEPT|TCPMSS --clamp-mss-to-pmtu)\\b|(?<!dnat )\\baccept$", Pattern.MULTILINE);
  /** A drop of connections' first packets lets others in the state new pass, so that it is not known. */
  private static final Pattern DROPS_FIRST_PACKETS =
      Pattern.compile("--tcp-flags SYN,RST SYN -j DROP");

  private static final int PROBES = 200;

  private static RouterLab lab;
  private static RulesInForce inForce;

  private final Map<Proof.Verdict, Integer> mutants = new EnumMap<>(Proof.Verdict.class);

  @BeforeAll
  static void open() {
    Engines.require("iptables", "ipset", "nft");
    lab = RouterLab.open();
    inForce = new RulesInForce(lab);
  }

  @AfterAll
  static void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @AfterEach
  void clear() {
    inForce.clear();
  }

  @Test
  void besideFirewalld() throws Exception {
    beside("firewalld.nft");
  }

  @Test
  void besideUfw() throws Exception {
    beside("ufw.txt");
  }

  @Test
  void besideTheKubeletsAndKubeProxysChainsAndTcpmss() throws Exception {
    beside("kube-firewall.txt");
  }

  @Test
  void besideDropsOfFlagsThatNoConnectionHas() throws Exception {
    beside("odd-flags.txt");
  }

  /** At least one mutant of each layout changes a packet's fate. */
  private void beside(String name) throws Exception {
    boolean nft = name.endsWith(".nft");
    for (int seed = 0; seed < 2; seed++) {
      Cluster cluster = RandomCluster.of(seed, NftablesKernelTest.PROFILE);
      Random random = new Random(seed);
      String others = text(name, pods(cluster));
      assertThat(judge(cluster, nft, others, random, name + ", seed " + seed))
          .as("%s, seed %d", name, seed)
          .isEqualTo(Proof.Verdict.PROVED);
      for (DumpMutants.Kind kind :
          List.of(DumpMutants.Kind.RULE_DROPPED, DumpMutants.Kind.ORDER_SWAPPED)) {
        String broken = DumpMutants.of(others, kind, random).orElse(others);
        mutant(cluster, nft, broken, random, name + ", seed " + seed + ", " + kind);
      }
      for (MatchResult one : passes(others)) {
        mutant(
            cluster,
            nft,
            others.substring(0, one.start())
                + (nft ? "drop" : "-j DROP")
                + others.substring(one.end()),
            random,
            name + ", seed " + seed + ", dropped instead of " + one.group());
      }
    }
    System.out.println("beside " + name + ": " + mutants + ", " + inForce.confirmed()
        + " witnesses confirmed by the kernel");
    assertThat(mutants).as(name).containsKey(Proof.Verdict.DIFFERS);
  }

  /** Those of single pods are alike: one of them is enough. */
  private static List<MatchResult> passes(String others) {
    Map<String, MatchResult> kinds = new LinkedHashMap<>();
    PASSES.matcher(others).results().forEach(found -> {
      String line = others.substring(others.lastIndexOf('\n', found.start()) + 1, found.start());
      kinds.putIfAbsent(line.replaceAll("[0-9.]{7,}", "POD"), found);
    });
    return List.copyOf(kinds.values());
  }

  private void mutant(Cluster cluster, boolean nft, String others, Random random, String where)
      throws Refusal {
    mutants.merge(judge(cluster, nft, others, random, where), 1, Integer::sum);
  }

  private Proof.Verdict judge(
      Cluster cluster, boolean nft, String others, Random random, String where) throws Refusal {
    inForce.clear();
    Plan plan = Plan.of(cluster);
    Artifact ours = (nft ? Nftables.backend() : Iptables.backend()).compile(plan, Scope.CLUSTER);
    lab.apply(ours.files(), "apply.sh");
    // Between addresses of nobody, what is sent last has to come out whatever is broken.
    String last = nft ? "ip saddr 198.18.7.1 accept" : "-A FORWARD -s 198.18.7.1 -j ACCEPT";
    lab.inRouterWithInput(
        others.replace("#LAST", last), nft ? "nft -f -" : "iptables-restore --noflush");
    Contract contract = Contract.STRICT
        .only(Family.IPV4)
        .leavingOpen(Exemption.OWN_NODE, Exemption.SAME_POD)
        .using(Map.of(Family.IPV4, Set.of("in0")));
    for (Obligation open :
        List.of(Obligation.ICMP, Obligation.OTHER_PROTOCOLS, Obligation.NON_POD)) {
      contract = open.leftOpen(contract, cluster, Scope.CLUSTER, plan.options());
    }
    Proof proof = Prover.prove(plan, Scope.CLUSTER, inForce.printed(nft), contract);
    if (proof.verdict() == Proof.Verdict.PROVED) {
      assertThat(inForce.differences(cluster, random, PROBES, BesideMutantsKernelTest::isOfPods))
          .as(where + "\n" + others)
          .isEmpty();
    } else if (!DROPS_FIRST_PACKETS.matcher(others).find()) {
      assertThat(proof.verdict())
          .as(where + "\n" + others + proof)
          .isEqualTo(Proof.Verdict.DIFFERS);
      inForce.confirm(proof.difference().orElseThrow(), where);
    }
    return proof.verdict();
  }

  private static List<Address> pods(Cluster cluster) {
    return cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .flatMap(workload -> workload.pods().stream())
        .map(Pod::addresses)
        .flatMap(List::stream)
        .filter(address -> address.family() == Family.IPV4)
        .distinct()
        .toList();
  }

  /** A layout for some pods: lines with {@code POD} once for each, {@code PODS} all of them. */
  private static String text(String name, List<Address> pods) throws IOException {
    try (InputStream in = BesideMutantsKernelTest.class.getResourceAsStream("beside/" + name)) {
      String all = pods.stream().map(Address::toString).collect(Collectors.joining(", "));
      List<String> lines = new ArrayList<>();
      for (String line :
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (line.contains("PODS")) {
          lines.add(line.replace("PODS", all));
        } else if (line.contains("POD ")) {
          pods.forEach(pod -> lines.add(line.replace("POD ", pod + " ")));
        } else {
          lines.add(line);
        }
      }
      return String.join("\n", lines) + "\n";
    }
  }

  private static boolean isOfPods(KernelVerdicts.Probe probe) {
    return probe.packet().source().family() == Family.IPV4
        && (isPod(probe.flow().source()) || isPod(probe.flow().destination()));
  }

  private static boolean isPod(End end) {
    return end instanceof End.InPod pod && !pod.workload().hostNetwork();
  }
}
