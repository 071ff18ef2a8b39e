package dev.postern.mapdump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.aws.Aws;
import dev.postern.aws.reader.AwsDumps;
import dev.postern.backend.Artifact;
import dev.postern.backend.Backend;
import dev.postern.backend.Reader;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.bpf.Bpf;
import dev.postern.bpf.reader.BpfDumps;
import dev.postern.cilium.Cilium;
import dev.postern.cilium.reader.CiliumDumps;
import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Dumps of maps that were cut are refused wherever they were cut: the end of the array is their end mark. And a dump that is missing proves nothing. */
class TruncatedMapsTest {

  private static final Cluster CLUSTER =
      Manifests.read(Source.text("lab.yaml", """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: i}]}
      status: {podIPs: [{ip: 10.0.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c, image: i}]}
      status: {podIPs: [{ip: 10.0.0.2}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        policyTypes: [Ingress, Egress]
        ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
      """)).cluster();

  private static final Plan PLAN = Plan.of(CLUSTER, Options.DEFAULT.withIpBlockMatchesPods(false));

  /** A target, the dumps among its artefact's files, and how they are given to its reader. */
  private record Target(
      Reader reader,
      SortedMap<String, String> dumps,
      Function<Map<String, String>, Map<String, List<Dump>>> given) {

    Reading read(Map<String, String> files) {
      return reader.read(given.apply(files), CLUSTER, Scope.CLUSTER);
    }

    Proof.Verdict verdict(Map<String, String> files) {
      Reading reading = read(files);
      return reading.problems().isEmpty()
          ? Prover.prove(PLAN, Scope.CLUSTER, reading.rules(), reading.contract())
              .verdict()
          : Proof.Verdict.UNKNOWN;
    }
  }

  private static Target target(Reader reader, Backend backend, String directory) throws Refusal {
    Artifact artifact = backend.compile(PLAN, Scope.CLUSTER);
    SortedMap<String, String> dumps = new TreeMap<>();
    artifact.files().forEach((name, text) -> {
      boolean list = name.equals("identities.json") && !directory.isEmpty();
      if (name.endsWith(".json") && !list) {
        dumps.put(name, text);
      }
    });
    return new Target(reader, dumps, files -> {
      Map<String, List<Dump>> given = new TreeMap<>();
      files.forEach((name, text) -> given
          .computeIfAbsent(
              directory.isEmpty() ? "bpf-" + name.replace(".json", "") : directory,
              flag -> new ArrayList<>())
          .add(new Dump(name, text)));
      return given;
    });
  }

  private static void everyPrefixIsRefused(Target target) {
    assertThat(target.verdict(target.dumps)).isEqualTo(Proof.Verdict.PROVED);
    int cuts = 0;
    for (Map.Entry<String, String> dump : target.dumps.entrySet()) {
      int whole = dump.getValue().stripTrailing().length();
      for (int end = 0; end < whole; end++) {
        SortedMap<String, String> cut = new TreeMap<>(target.dumps);
        cut.put(dump.getKey(), dump.getValue().substring(0, end));
        assertThat(target.read(cut).problems())
            .as("the first %d characters of %s", end, dump.getKey())
            .isNotEmpty();
        cuts++;
      }
      SortedMap<String, String> without = new TreeMap<>(target.dumps);
      without.remove(dump.getKey());
      assertThat(target.verdict(without))
          .as("without %s", dump.getKey())
          .isNotEqualTo(Proof.Verdict.PROVED);
    }
    assertThat(cuts).isGreaterThan(1000);
  }

  @Test
  void everyPrefixOfPosternsMapsIsRefused() throws Refusal {
    everyPrefixIsRefused(target(new BpfDumps(), Bpf.backend(), ""));
  }

  @Test
  void everyPrefixOfCiliumsMapsIsRefused() throws Refusal {
    everyPrefixIsRefused(target(new CiliumDumps(), Cilium.backend(), "cilium-dump"));
  }

  @Test
  void everyPrefixOfTheAwsAgentsMapsIsRefused() throws Refusal {
    everyPrefixIsRefused(target(new AwsDumps(), Aws.backend(), "aws-dump"));
  }

  /** What bpftool prints for an entry that went away while it was dumping. */
  @Test
  void anEntryThatCouldNotBeReadIsRefused() throws Refusal {
    Target target = target(new BpfDumps(), Bpf.backend(), "");
    SortedMap<String, String> broken = new TreeMap<>(target.dumps);
    broken.put(
        "policy.json",
        "[{\"key\":[\"0x00\"],\"value\":{\"error\":\"No such file or directory\"}}]");
    assertThat(target.read(broken).problems()).isNotEmpty();
  }
}
