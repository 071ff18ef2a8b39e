package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.Iptables;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.nftables.Nftables;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Nothing that a manifest says reaches an artefact but addresses and ports, and names stay within the tools' bounds. */
class HostileNamesTest {

  private static final String HOSTILE =
      "x\"; $(touch /tmp/owned) `id`\n-A FORWARD -j ACCEPT #{};'\\";

  /** All that may stand in a file of rules; scripts are constants. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9 \t\n_.:/,*@!={}\\[\\]#;`-]*");

  @Test
  void namesAndLabelsOfManifestsStayOut() throws Refusal {
    for (int seed = 0; seed < 20; seed++) {
      Cluster tame = RandomCluster.of(seed, NftablesKernelTest.PROFILE);
      Cluster hostile = renamed(tame);
      for (boolean nft : new boolean[] {true, false}) {
        Artifact artifact = compile(nft, hostile);
        artifact.files().forEach((name, text) -> {
          assertThat(text).doesNotContain("owned", "$(touch");
          if (!name.endsWith(".sh")) {
            assertThat(PLAIN.matcher(text).matches()).as(name).isTrue();
          }
        });
        assertThat(withoutDigests(artifact)).isEqualTo(withoutDigests(compile(nft, tame)));
      }
    }
  }

  private static String withoutDigests(Artifact artifact) {
    return artifact.file("apply.sh").replaceAll("(?m)^[0-9]+ [0-9a-f]{64}  ", "");
  }

  private static Artifact compile(boolean nft, Cluster cluster) throws Refusal {
    return (nft ? Nftables.backend() : Iptables.backend()).compile(Plan.of(cluster), Scope.CLUSTER);
  }

  /** The same cluster with hostile names of everything that no selector has to match. */
  private static Cluster renamed(Cluster cluster) {
    List<Workload> workloads = new ArrayList<>();
    for (Workload w : cluster.workloads()) {
      List<Pod> pods = new ArrayList<>();
      w.pods()
          .forEach(pod ->
              pods.add(new Pod(HOSTILE + pod.name(), pod.node(), pod.addresses(), pod.origin())));
      workloads.add(new Workload(
          w.namespace(),
          HOSTILE + w.name(),
          HOSTILE,
          w.labels(),
          w.ports(),
          w.hostNetwork(),
          pods,
          w.origin()));
    }
    List<Policy> policies = cluster.policies().stream()
        .map(p -> new Policy(
            p.kind(),
            p.namespace(),
            HOSTILE + p.name(),
            p.tier(),
            p.priority(),
            p.subject(),
            p.isolates(),
            p.ingress(),
            p.egress(),
            p.origin()))
        .toList();
    return cluster.withWorkloads(workloads).withPolicies(policies);
  }

  @Test
  void namesAreWithinTheToolsBounds() throws Refusal {
    Cluster cluster =
        RandomCluster.of(7, NftablesKernelTest.PROFILE.sized(new Profile.Size(10, 300, 3, 200, 3)));
    Artifact artifact = compile(false, cluster);
    Set<String> chains = new HashSet<>();
    for (String file : List.of(Iptables.RULES_4, Iptables.RULES_6)) {
      Matcher matcher = Pattern.compile("(?m)^:(\\S+)").matcher(artifact.file(file));
      while (matcher.find()) {
        chains.add(matcher.group(1));
      }
    }
    assertThat(chains).hasSizeGreaterThan(100).allMatch(chain -> chain.length() <= 28);
    Matcher sets = Pattern.compile("(?m)^create (\\S+)").matcher(artifact.file(Iptables.SETS));
    int count = 0;
    while (sets.find()) {
      count++;
      assertThat(sets.group(1).length()).isLessThanOrEqualTo(31);
    }
    assertThat(count).isGreaterThan(100);
  }

  /** Java's 32-bit hashes of these are equal; ours are not, nor do parts run into each other. */
  @Test
  void namesDifferWhereShortHashesClash() {
    ContentName names = new ContentName();
    assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
    assertThat(Set.of(names.of("Aa"), names.of("BB"), names.of("AaBB"), names.of("BBAa")))
        .hasSize(4);
    assertThat(names.of("Aa")).hasSize(19).matches("[a-z2-7]+");
  }

  /** As long as the API allows, equal but for their ends, and with equal 32-bit hashes, beside annotations that would end any quote. */
  @Test
  void longAndClashingNamesKeepTheirOwnRules() throws Refusal {
    List<String> names = new ArrayList<>(clashing());
    names.add("n".repeat(62) + "a");
    names.add("n".repeat(62) + "b");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      text.append(String.format("""
          apiVersion: v1
          kind: Namespace
          metadata:
            name: %1$s
            annotations: {note: "a\\"; $(touch /tmp/owned) `id`\\nadd x 1.2.3.4 #';\\\\"}
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: "%2$s", namespace: %1$s, labels: {app: web}}
          spec: {containers: [{name: c, image: i}]}
          status: {podIP: 10.0.0.%3$d}
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: {name: "%2$s", namespace: %1$s, annotations: {"x": "$(reboot); \\" 'drop'"}}
          spec: {podSelector: {}, ingress: [{ports: [{port: %4$d}], from: [{ipBlock: {cidr: 10.%4$d.0.0/16}}]}]}
          ---
          """, names.get(i), "p".repeat(252) + i, i + 1, 80 + i));
    }
    Loaded loaded =
        Manifests.read(List.of(Source.text("cluster.yaml", text.toString())), ReadOptions.DEFAULT);
    assertThat(loaded.hasErrors()).as("%s", loaded.diagnostics()).isFalse();
    Cluster cluster = loaded.cluster();
    for (boolean nft : new boolean[] {true, false}) {
      Artifact artifact = compile(nft, cluster);
      artifact.files().forEach((name, content) -> {
        assertThat(content).doesNotContain("owned", "reboot", "nnnn", "pppp");
        if (!name.endsWith(".sh")) {
          assertThat(PLAIN.matcher(content).matches()).as(name).isTrue();
        }
      });
      Random random = new Random(1);
      EnforcedRules rules = nft
          ? NftablesReader.read(artifact.file(Nftables.RULESET))
          : IptablesReadBackTest.read(artifact);
      assertThat(new ReadBack(cluster, Options.DEFAULT, random).differences(rules, random, 500))
          .isEmpty();
    }
  }

  /** Two names of namespaces with the same hash. */
  private static List<String> clashing() {
    Map<Integer, String> byHash = new HashMap<>();
    for (long i = 0; ; i++) {
      String name = "n" + Long.toString(i * 2_654_435_761L, 36);
      String other = byHash.put(name.hashCode(), name);
      if (other != null) {
        return List.of(other, name);
      }
    }
  }
}
