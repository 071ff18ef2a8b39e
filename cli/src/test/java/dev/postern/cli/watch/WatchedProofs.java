package dev.postern.cli.watch;

import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cli.proof.Dumps;
import dev.postern.cli.proof.LeftOpen;
import dev.postern.cli.proof.ProofResult;
import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.plan.Plan;
import dev.postern.prove.Claim;
import dev.postern.prove.Proof.Way;
import dev.postern.prove.Prover;
import dev.postern.solver.Limits;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Proofs of the example of a node. */
final class WatchedProofs {

  private WatchedProofs() {}

  static ProofResult of(Path rules) {
    Path folder = rules.getParent();
    Map<String, String> flags = Map.of(
        "iptables-save",
        rules.toString(),
        "ipset-save",
        folder.resolve("ipset-save.txt").toString());
    Cluster cluster = Manifests.load(folder.resolve("cluster.yaml")).cluster();
    Reading reading = Dumps.given(flag -> Optional.ofNullable(flags.get(flag)))
        .read(cluster, Scope.CLUSTER, List.of());
    Claim claim = new Claim(Plan.of(cluster), Scope.CLUSTER, reading.rules(), reading.contract());
    return new ProofResult(
        "iptables",
        reading.contract(),
        new LeftOpen(List.of(), List.of()),
        List.of(claim),
        Prover.prove(claim, Set.of(Way.SETS), Limits.DEFAULT),
        List.of(),
        reading.notRead());
  }
}
