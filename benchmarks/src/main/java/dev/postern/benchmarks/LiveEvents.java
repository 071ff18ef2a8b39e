package dev.postern.benchmarks;

import dev.postern.diff.Difference;
import dev.postern.manifest.ObjectEvent;
import dev.postern.meaning.FlowVerdict;
import dev.postern.plan.Plan;
import dev.postern.watch.ClusterSnapshot;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** A cluster that is watched: what an event costs, alone and with the first answer after it, beside planning all anew. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseParallelGC"})
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 3, time = 3)
public class LiveEvents {

  /** A pod that is like one that is there. */
  @Benchmark
  public ClusterSnapshot podOfKnownClass(WatchedShape shape) {
    shape.watched.accept(shape.knownPod());
    return shape.watched.snapshot();
  }

  /** A pod with labels that no other pod has. */
  @Benchmark
  public ClusterSnapshot podOfNewClass(WatchedShape shape) {
    shape.watched.accept(shape.newPod());
    return shape.watched.snapshot();
  }

  /** A policy whose ports change. */
  @Benchmark
  public ClusterSnapshot policyEdit(WatchedShape shape) {
    shape.watched.accept(shape.edit());
    return shape.watched.snapshot();
  }

  /** A verdict on a flow. */
  @Benchmark
  public FlowVerdict verdict(WatchedShape shape) {
    ClusterSnapshot now = shape.watched.snapshot();
    return now.verdict(shape.flow(now));
  }

  /** A pod with labels that no other pod has, and a verdict on a flow to a pod of its namespace. */
  @Benchmark
  public FlowVerdict podOfNewClassThenVerdict(WatchedShape shape) {
    return verdictAfter(shape, shape.newPod());
  }

  /** A policy whose ports change, and a verdict on a flow to a pod of its namespace. */
  @Benchmark
  public FlowVerdict policyEditThenVerdict(WatchedShape shape) {
    return verdictAfter(shape, shape.edit());
  }

  private static FlowVerdict verdictAfter(WatchedShape shape, ObjectEvent event) {
    shape.watched.accept(event);
    ClusterSnapshot now = shape.watched.snapshot();
    return now.verdict(shape.flowTo(now, event.name().namespace()));
  }

  /** A policy whose ports change, and what a question about the whole cluster starts from. */
  @Benchmark
  public Plan policyEditThenPlan(WatchedShape shape) {
    shape.watched.accept(shape.edit());
    return shape.watched.snapshot().analysis().plan();
  }

  /** What the edit of a policy's ports would open and close. */
  @Benchmark
  public Difference wouldOpenByEdit(WatchedShape shape) {
    return shape.watched.snapshot().wouldOpen(shape.edit());
  }

  /** What a new policy would open that lets in another namespace. */
  @Benchmark
  public Difference wouldOpenToNamespace(WatchedShape shape) {
    return shape.watched.snapshot().wouldOpen(shape.opening());
  }

  /** What a new policy would open that lets in everybody. */
  @Benchmark
  public Difference wouldOpenToAll(WatchedShape shape) {
    return shape.watched.snapshot().wouldOpen(shape.openingToAll());
  }

  /** The same, right after another policy was edited, so that the plan of the whole cluster is of an earlier one. */
  @Benchmark
  public Difference policyEditThenWouldOpenToAll(WatchedShape shape) {
    shape.watched.accept(shape.edit());
    return shape.watched.snapshot().wouldOpen(shape.openingToAll());
  }

  /** A pod that is like one that is there, and what a question about the whole cluster starts from. */
  @Benchmark
  public Plan podOfKnownClassThenPlan(WatchedShape shape) {
    shape.watched.accept(shape.knownPod());
    return shape.watched.snapshot().analysis().plan();
  }

  /** A pod with labels that no other pod has, and what a question about the whole cluster starts from. */
  @Benchmark
  public Plan podThenPlan(WatchedShape shape) {
    shape.watched.accept(shape.newPod());
    return shape.watched.snapshot().analysis().plan();
  }

  /** The same as the edit's, right after a pod came. */
  @Benchmark
  public Difference podThenWouldOpen(WatchedShape shape) {
    shape.watched.accept(shape.newPod());
    return shape.watched.snapshot().wouldOpen(shape.edit());
  }

  /** All classes, rules and profiles anew, from the cluster in memory. */
  @Benchmark
  public Plan replan(WatchedShape shape) {
    return Plan.of(shape.cluster);
  }
}
