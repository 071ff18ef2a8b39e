package dev.postern.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.EnforcedRules;
import dev.postern.manifest.Manifests;
import dev.postern.nftables.Nftables;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.verify.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProveANodeTest {

  private static final Path NODE = Path.of("node");

  @Test
  void whatTheNodePrintedIsProved() throws IOException {
    assertThat(prove("iptables-save.txt")).isEqualTo("PROVED\n");
  }

  @Test
  void aPortThatIsOffByOneIsShownByAPacket() throws IOException {
    assertThat(prove("iptables-save-wrong.txt"))
        .isEqualTo(
            "DIFFERS: 10.0.1.11 -> 10.0.1.12 tcp/5433 from port 49152 new passes, but the policies deny it\n");
  }

  /** The lines that README.md shows. */
  @Test
  void whatWasCompiledIsReadBackAndProved() throws Refusal {
    Cluster cluster = Manifests.load(NODE.resolve("cluster.yaml")).cluster();
    Artifact artifact = Nftables.backend().compile(Plan.of(cluster), Scope.CLUSTER);
    EnforcedRules rules = NftablesReader.read(artifact.file(Nftables.RULESET));
    Proof proof = Verifier.of(cluster).prove(rules);
    assertThat(proof.verdict()).isEqualTo(Proof.Verdict.PROVED);
    assertThat(proof.ways()).isEqualTo(Set.of(Proof.Way.SETS, Proof.Way.Z3));
  }

  private static String prove(String rules) throws IOException {
    return ProveANode.prove(
        NODE.resolve("cluster.yaml"), NODE.resolve(rules), NODE.resolve("ipset-save.txt"));
  }
}
