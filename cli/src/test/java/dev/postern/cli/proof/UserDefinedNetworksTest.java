package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Workload;
import dev.postern.manifest.Manifests;
import dev.postern.ovn.read.NorthboundDumps;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.prove.Claim;
import dev.postern.prove.Proof;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.Proof.Way;
import dev.postern.prove.Prover;
import dev.postern.selector.Labels;
import dev.postern.solver.Limits;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A database of OVN-Kubernetes with user-defined networks is judged about its default network, from which pods on others are kept. */
class UserDefinedNetworksTest {

  private static final Profile PROFILE = Profile.EVERYTHING.without(
      ClusterFeature.MISSING_ADDRESSES,
      ClusterFeature.DOMAIN_NAMES,
      ClusterFeature.UNKNOWN_PEERS,
      ClusterFeature.UNWRITABLE,
      ClusterFeature.NAMED_PORTS,
      ClusterFeature.CONFLICTING_PRIORITIES);

  @TempDir
  private Path directory;

  /** A random cluster with one namespace on a network of its own, whose policies the default network's controller skips. */
  private record Case(Cluster cluster, Set<String> members, String rows) {

    static Optional<Case> of(long seed) {
      Cluster random = RandomCluster.of(seed, PROFILE);
      List<String> names = random.workloads().stream()
          .filter(workload -> !workload.hostNetwork())
          .map(Workload::namespace)
          .distinct()
          .sorted()
          .toList();
      if (names.isEmpty()) {
        return Optional.empty();
      }
      String member = names.get(new Random(seed).nextInt(names.size()));
      SortedMap<String, Namespace> namespaces = new TreeMap<>(random.namespaces());
      Namespace old = random.namespace(member);
      Map<String, String> labels = new HashMap<>(old.labels().asMap());
      labels.put(OvnKubernetesNetworks.LABEL, "");
      namespaces.put(member, new Namespace(member, Labels.of(labels), true, old.origin()));
      Cluster cluster = new Cluster(
          namespaces,
          random.workloads(),
          random.services(),
          random.nodes(),
          random.entrances(),
          random.policies().stream()
              .filter(policy -> policy.kind() == PolicyKind.NETWORK_POLICY)
              .toList(),
          random.unread(),
          random.leftOut());
      List<Policy> kept = cluster.policies().stream()
          .filter(policy -> !policy.namespace().equals(member))
          .toList();
      String rows = OvnKubernetesLayout.of(cluster.withPolicies(kept), false);
      return Optional.of(new Case(
          cluster,
          Set.of(member),
          OvnKubernetesNetworks.in(rows, cluster, Set.of(member), "icmp || tcp.dst == 8080")));
    }

    Reading read(String text) {
      return new NorthboundDumps()
          .read(Map.of("ovn-nb", List.of(new Dump("nb.json", text))), cluster, Scope.CLUSTER);
    }

    List<Claim> claims(Reading reading) {
      return Claim.of(Plan.of(cluster), Scope.CLUSTER, reading, UnaryOperator.identity());
    }

    Proof prove(Reading reading, Set<Way> ways) {
      return Prover.prove(claims(reading), ways, Limits.DEFAULT);
    }
  }

  @Property(tries = 60)
  void theDefaultNetworkIsProvedWhateverOthersHave(@ForAll long seed) {
    Optional<Case> found = Case.of(seed);
    if (found.isEmpty()) {
      return;
    }
    Case one = found.get();
    Reading reading = one.read(one.rows());
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.warnings()).isEmpty();
    Proof proof = one.prove(reading, Prover.ways(one.cluster()));
    assertThat(proof.verdict()).as(proof::toString).isEqualTo(Verdict.PROVED);
    assertThat(reading.notes())
        .singleElement()
        .satisfies(
            note -> assertThat(note.text())
                .isEqualTo(
                    "nothing is said of other networks than the default one: blue (layer2, primary), green (localnet, secondary)"));
    assertThat(reading.contract().waivers())
        .anyMatch(waiver -> waiver.reason().contains("k8s.ovn.org/open-default-ports"));
  }

  /** A fault in rows of the default network is found, one in rows of others never. */
  @Test
  void whatIsBrokenIsFoundWhereItIsOfTheDefaultNetwork() {
    Map<String, int[]> tally = new TreeMap<>();
    for (int seed = 0; seed < 10; seed++) {
      Case one = Case.of(seed).orElseThrow();
      for (OvnKubernetesMutant kind : OvnKubernetesMutant.values()) {
        Optional<String> broken = kind.of(one.rows(), new Random(seed));
        if (broken.isEmpty()) {
          continue;
        }
        Reading reading = one.read(broken.get());
        if (!reading.problems().isEmpty()) {
          continue;
        }
        Proof proof = one.prove(reading, Set.of(Way.SETS));
        boolean proved = proof.verdict() == Verdict.PROVED;
        tally.computeIfAbsent(kind.name(), key -> new int[2])[proved ? 1 : 0]++;
        if (proved) {
          assertThat(new Sampled(one.claims(reading).get(0).plan())
                  .differences(reading.rules(), new Random(1), 300))
              .as("%s in cluster %d", kind, seed)
              .allMatch(each -> OvnKubernetesProofTest.isLeftOpen(each)
                  || each.contains("icmp")
                  || each.contains("/8080"));
        }
      }
    }
    tally.forEach((kind, count) -> System.out.println("with user-defined networks, " + kind + ": "
        + count[0] + " refuted, " + count[1] + " without effect"));
    assertThat(tally.values().stream().mapToInt(count -> count[0]).sum()).isPositive();
    assertThat(tally.values().stream().mapToInt(count -> count[1]).sum()).isPositive();
  }

  private static final String PODS = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: red, labels: {k8s.ovn.org/primary-user-defined-network: ""}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec: {nodeName: worker-1}
      status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: red}
      spec: {nodeName: worker-1}
      status: {podIP: 10.0.0.2, podIPs: [{ip: 10.0.0.2}]}
      ---
      apiVersion: k8s.ovn.org/v1
      kind: UserDefinedNetwork
      metadata: {name: blue, namespace: red}
      spec: {topology: Layer2, layer2: {role: Primary, subnets: [10.0.0.0/16]}}
      """;

  private Run prove(UnaryOperator<String> change) throws IOException {
    Path manifests = Files.writeString(directory.resolve("cluster.yaml"), PODS);
    Cluster cluster = Manifests.load(manifests).cluster();
    String rows = OvnKubernetesNetworks.in(
        OvnKubernetesLayout.of(cluster, false), cluster, Set.of("red"), "tcp.dst == 80");
    String changed = change.apply(rows);
    Path database = Files.writeString(directory.resolve("nb.json"), changed);
    return Run.of("prove", "-f", manifests.toString(), "--ovn-nb", database.toString());
  }

  @Test
  void anUntouchedDatabaseIsProvedAndSaysWhatItIsNotAbout() throws IOException {
    Run run = prove(UnaryOperator.identity());
    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.YES);
    assertThat(run.out())
        .contains(
            "nothing is said of other networks than the default one: blue (layer2, primary), green",
            "left open by the target: what pods on primary networks of their own open",
            "red/db by `outport == \"red_db\"")
        .doesNotContain("unknown");
  }

  @Test
  void aPodThatIsNotKeptOffTheDefaultNetworkIsFound() throws IOException {
    Run run = prove(rows -> rows.replace(
        "\"match\":\"outport == @a11111111111111111111\",\"action\":\"drop\"",
        "\"match\":\"outport == @a11111111111111111111\",\"action\":\"pass\""));
    assertThat(run.status()).as(run.out()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("10.0.0.2", "primary-user-defined-networks", "they let it pass");
  }

  @Test
  void aPodThatIsKeptOffWithoutANetworkOfItsOwnIsFound() throws IOException {
    Run run = prove(rows -> {
      String web = rows.replaceAll(
          "(?s).*\"uuid-name\":\"(row\\d+)\",\"row\":\\{\"name\":\"shop_web\".*", "$1");
      String db = rows.replaceAll(
          "(?s).*\"uuid-name\":\"(row\\d+)\",\"row\":\\{\"name\":\"red_db\".*", "$1");
      String member =
          "\"name\":\"a11111111111111111111\",\"ports\":[\"set\",[[\"named-uuid\",\"" + db + "\"]";
      assertThat(rows).contains(member);
      return rows.replace(member, member + ",[\"named-uuid\",\"" + web + "\"]");
    });
    assertThat(run.status()).as(run.out()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("10.0.0.1", "they drop it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[\"k8s.ovn.org/network\",\"blue\"],[\"k8s.ovn.org/role\",\"primary\"],[\"k8s.ovn.org/topology\",\"layer2\"]||of which network switch blue_ovn_layer2_switch is",
        "[\"k8s.ovn.org/network\",\"green\"],||of which network switch green_ovn_localnet_switch is: it says its role",
        "[\"k8s.ovn.org/network\",\"blue\"],[\"k8s.ovn.org/nad\"|[\"k8s.ovn.org/network\",\"other\"],[\"k8s.ovn.org/nad\"|name `blue` and `other`"
      })
  void aRowThatCannotBePlacedLeavesTheVerdictUnknown(String text, String other, String said)
      throws IOException {
    Run run = prove(rows -> {
      assertThat(rows).contains(text);
      return rows.replace(text, other == null ? "" : other);
    });
    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).contains(said);
  }
}
