package dev.postern.benchmarks.traffic;

import com.sun.management.OperatingSystemMXBean;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import dev.postern.replay.Edges;
import dev.postern.replay.Replay;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.Omission;
import dev.postern.traffic.TrafficLog;
import dev.postern.traffic.format.FlowFormats;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** Prints the processor time, of all threads, of 300,000 flows: their lines counted, read, and read, folded and judged. */
public final class ReplayCost {

  private static final int FLOWS = 300_000;
  private static final int ROUNDS = 5;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private ReplayCost() {}

  /** What is measured. */
  private interface Work {
    long run() throws IOException;
  }

  /** Counts. */
  private static final class Counting implements FlowSink {
    private long records;

    @Override
    public void flow(FlowRecord flow) {
      records++;
    }

    @Override
    public void leftOut(Omission why) {
      records++;
    }
  }

  /**
   * Measures.
   *
   * @throws IOException never
   */
  public static void main(String... none) throws IOException {
    GeneratedFlows flows = new GeneratedFlows();
    Plan plan =
        Plan.of(Manifests.read(Source.text("cluster.yaml", flows.manifests())).cluster());
    Reachability policies = Reachability.of(plan);
    System.out.printf(
        "%-8s %8s %12s %12s %12s %16s %6s%n",
        "format", "MB", "lines ns", "read ns", "replay ns", "replay flows/s", "edges");
    for (GeneratedFlows.Form form : GeneratedFlows.Form.values()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      flows.write(form, FLOWS, out);
      byte[] log = out.toByteArray();
      long[] edges = new long[1];
      double lines = least(() -> lines(log));
      double read = least(() -> {
        Counting counting = new Counting();
        TrafficLog.read("log", new ByteArrayInputStream(log), FlowFormats.ALL, counting);
        return counting.records;
      });
      double replay = least(() -> {
        Edges folded = new Edges(plan);
        TrafficLog.read("log", new ByteArrayInputStream(log), FlowFormats.ALL, folded);
        edges[0] = Replay.of(folded, policies).rows().size();
        return folded.flows();
      });
      System.out.printf(
          "%-8s %8d %12.0f %12.0f %12.0f %16.0f %6d%n",
          form, log.length >> 20, lines, read, replay, 1e9 / replay, edges[0]);
    }
  }

  private static long lines(byte[] log) {
    long lines = 0;
    for (byte each : log) {
      lines += each == '\n' ? 1 : 0;
    }
    return lines;
  }

  /** Nanoseconds a flow, of the quickest round. */
  private static double least(Work work) throws IOException {
    double least = Double.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      System.gc();
      long before = SYSTEM.getProcessCpuTime();
      long count = work.run();
      double took = SYSTEM.getProcessCpuTime() - before;
      if (count < FLOWS) {
        throw new IllegalStateException("only " + count);
      }
      least = Math.min(least, took / FLOWS);
    }
    return least;
  }
}
