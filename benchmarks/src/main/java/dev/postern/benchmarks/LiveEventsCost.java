package dev.postern.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The processor time of the asking thread in each of {@link LiveEvents}, in turn in one JVM: on a busy machine a wall time is mostly waiting. */
public final class LiveEventsCost {

  private LiveEventsCost() {}

  /** Takes how often each is run (default 400); the second half of the runs counts. */
  public static void main(String... arguments) {
    int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 400;
    LiveEvents events = new LiveEvents();
    Map<String, Function<WatchedShape, Object>> all = new LinkedHashMap<>();
    all.put("verdict", events::verdict);
    all.put("policyEditThenVerdict", events::policyEditThenVerdict);
    all.put("podOfNewClassThenVerdict", events::podOfNewClassThenVerdict);
    all.put("wouldOpenByEdit", events::wouldOpenByEdit);
    all.put("wouldOpenToNamespace", events::wouldOpenToNamespace);
    all.put("wouldOpenToAll", events::wouldOpenToAll);
    all.put("policyEditThenWouldOpenToAll", events::policyEditThenWouldOpenToAll);
    all.put("podThenWouldOpen", events::podThenWouldOpen);
    all.put("policyEditThenPlan", events::policyEditThenPlan);
    all.put("podOfKnownClassThenPlan", events::podOfKnownClassThenPlan);
    all.put("podThenPlan", events::podThenPlan);
    all.put("replan", events::replan);
    System.out.println("benchmark: best / p50 / p90 / p99, µs of processor time");
    all.forEach((name, event) -> {
      WatchedShape shape = new WatchedShape();
      shape.draw();
      long[] times = times(name.endsWith("lan") ? Math.max(20, runs / 10) : runs, event, shape);
      System.out.printf(
          "%s: %,d / %,d / %,d / %,d%n",
          name,
          times[0] / 1_000,
          times[times.length / 2] / 1_000,
          times[times.length * 9 / 10] / 1_000,
          times[times.length * 99 / 100] / 1_000);
    });
  }

  private static long[] times(int runs, Function<WatchedShape, Object> event, WatchedShape shape) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] times = new long[runs];
    for (int i = 0; i < runs; i++) {
      long begun = threads.getCurrentThreadCpuTime();
      Object made = event.apply(shape);
      times[i] = threads.getCurrentThreadCpuTime() - begun;
      if (made == shape) {
        throw new IllegalStateException();
      }
    }
    long[] second = Arrays.copyOfRange(times, runs / 2, runs);
    Arrays.sort(second);
    return second;
  }
}
