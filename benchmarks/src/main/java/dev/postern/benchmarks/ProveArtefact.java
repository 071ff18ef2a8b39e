package dev.postern.benchmarks;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.Iptables;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.nftables.Nftables;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.prove.Claim;
import dev.postern.prove.Proof;
import dev.postern.prove.Proof.Way;
import dev.postern.prove.Prover;
import dev.postern.solver.Limits;
import java.util.EnumSet;
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

/** From rules that were read back and a planned cluster to a proof, both directions, all connection states. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseParallelGC"})
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 3, time = 5)
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class ProveArtefact {

  /** What wrote the rules. */
  @Param({"nftables", "iptables"})
  public String target = "nftables";

  private Claim claim = new Claim(
      new LoadedShape().plan,
      Scope.CLUSTER,
      NftablesReader.read("table inet empty {}"),
      Contract.STRICT);

  /** Compiles and reads back. */
  @Setup(Level.Trial)
  public void compile(LoadedShape loaded) throws Refusal {
    claim = new Claim(loaded.plan, Scope.CLUSTER, rules(loaded), Contract.STRICT);
  }

  private EnforcedRules rules(LoadedShape loaded) throws Refusal {
    if (target.equals("nftables")) {
      return NftablesReader.read(
          Nftables.backend().compile(loaded.plan, Scope.CLUSTER).file(Nftables.RULESET));
    }
    Artifact artifact = Iptables.backend().compile(loaded.plan, Scope.CLUSTER);
    return IptablesReader.read(
        artifact.file(Iptables.RULES_4),
        artifact.file(Iptables.RULES_6),
        artifact.file(Iptables.SETS));
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
