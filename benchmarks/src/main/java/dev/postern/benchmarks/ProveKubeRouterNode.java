package dev.postern.benchmarks;

import dev.postern.backend.Obligation;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Scope;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.Family;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.prove.Claim;
import dev.postern.prove.Proof;
import dev.postern.prove.Proof.Way;
import dev.postern.prove.Prover;
import dev.postern.solver.Limits;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From rules in kube-router's layout that were read and a planned cluster to a proof. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseParallelGC"})
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 5)
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class ProveKubeRouterNode {

  /** How many pods the node has. */
  @Param("1000")
  public int pods = 1000;

  private Claim claim = new Claim(
      new LoadedShape().plan,
      Scope.CLUSTER,
      NftablesReader.read("table inet empty {}"),
      Contract.STRICT);

  /** Writes and reads the node. */
  @Setup(Level.Trial)
  public void read() {
    KubeRouterNode node = KubeRouterNode.of(pods);
    Plan plan = Plan.of(
        Manifests.read(List.of(Source.text("node.yaml", node.manifests())), ReadOptions.DEFAULT)
            .cluster());
    EnforcedRules rules = IptablesReader.read(
        new Dump("iptables-save", node.rules()),
        new Dump("ip6tables-save", ""),
        new Dump("ipset save", node.sets()),
        Scope.CLUSTER.addresses(plan.cluster()));
    Contract contract =
        Contract.STRICT.only(Family.IPV4).leavingOpen(Exemption.SAME_POD, Exemption.OWN_NODE);
    for (Obligation open : List.of(Obligation.ICMP, Obligation.NON_POD)) {
      contract = open.leftOpen(contract, plan.cluster(), Scope.CLUSTER, plan.options());
    }
    claim = new Claim(plan, Scope.CLUSTER, rules, contract);
  }

  /** By sets of packets. */
  @Benchmark
  public Proof sets() {
    return proved(Way.SETS);
  }

  /** By Z3, namespace by namespace. */
  @Benchmark
  public Proof z3() {
    return proved(Way.Z3);
  }

  private Proof proved(Way way) {
    Proof proof = Prover.prove(claim, EnumSet.of(way), Limits.DEFAULT);
    if (proof.verdict() != Proof.Verdict.PROVED) {
      throw new IllegalStateException("not proved: " + proof);
    }
    return proof;
  }
}
