package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cilium.Cilium;
import dev.postern.cilium.CiliumVersion;
import dev.postern.cilium.reader.CiliumDumps;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** Cilium's maps for random clusters, read back and proved. */
class CiliumProofTest {

  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.MISSING_ADDRESSES, ClusterFeature.DOMAIN_NAMES);

  private static final Options OPTIONS = Options.DEFAULT.withIpBlockMatchesPods(false);

  @Property(tries = 300)
  void mapsAreProved(@ForAll long seed, @ForAll boolean nodeTrafficPasses) throws Refusal {
    Cluster cluster = RandomCluster.of(seed, PROFILE);
    Plan plan = Plan.of(cluster, OPTIONS.withNodeTrafficPasses(nodeTrafficPasses));
    Scope scope = seed % 3 == 0 && !cluster.nodes().isEmpty()
        ? Scope.node(cluster.nodes().get(0).name())
        : Scope.CLUSTER;
    CiliumVersion version = CiliumVersion.values()[(int) Math.floorMod(seed, 4L)];
    Map<String, String> files =
        Cilium.backend().withVersion(version).compile(plan, scope).files();
    Reading reading = read(files, cluster, scope);
    assertThat(reading.problems()).isEmpty();
    Proof proof = Prover.prove(plan, scope, reading.rules(), reading.contract());
    assertThat(proof.verdict()).as(proof::toString).isEqualTo(Proof.Verdict.PROVED);
  }

  /** An ipcache of one family says nothing of what becomes of the other, whatever a policy map lets pass. */
  @Property(tries = 30)
  void whatHasNoEntryInIpcacheIsNotProved(@ForAll long seed) throws Exception {
    Cluster cluster = RandomCluster.of(seed, PROFILE);
    Plan plan = Plan.of(cluster, OPTIONS);
    Map<String, String> files =
        new HashMap<>(Cilium.backend().compile(plan, Scope.CLUSTER).files());
    ObjectMapper json = new ObjectMapper();
    ArrayNode entries = (ArrayNode) json.readTree(files.getOrDefault("ipcache.json", "[]"));
    ArrayNode four = json.createArrayNode();
    for (JsonNode entry : entries) {
      if (entry.path("key").path(7).asText().equals("0x01")) {
        four.add(entry);
      }
    }
    files.put("ipcache.json", json.writeValueAsString(four));
    Reading reading = read(files, cluster, Scope.CLUSTER);
    Proof proof = Prover.prove(plan, Scope.CLUSTER, reading.rules(), reading.contract());
    boolean dual = cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .flatMap(workload -> workload.pods().stream())
        .flatMap(pod -> pod.addresses().stream())
        .anyMatch(address -> address.family() == Family.IPV6);
    Statistics.label("an address of IPv6").collect(dual);
    if (dual) {
      assertThat(proof.verdict()).isNotEqualTo(Proof.Verdict.PROVED);
      assertThat(reading.warnings())
          .anyMatch(each -> each.contains("ipcache.json has no entry for"));
    }
  }

  private static Reading read(Map<String, String> files, Cluster cluster, Scope scope) {
    List<Dump> dumps = new ArrayList<>();
    files.forEach((name, text) -> dumps.add(new Dump(name, text)));
    return new CiliumDumps().read(Map.of("cilium-dump", dumps), cluster, scope);
  }
}
