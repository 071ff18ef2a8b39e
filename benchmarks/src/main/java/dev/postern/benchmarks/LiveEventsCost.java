package dev.postern.benchmarks;

import dev.postern.manifest.ObjectEvent;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The processor time of the asking thread in each of {@link LiveEvents}, in turn in one JVM: on a busy machine a wall time is mostly waiting.
 * Events by themselves are drawn before, and taken so many at a time that the clock's own time does not count.
 */
public final class LiveEventsCost {

  private static final int BATCH = 1_000;

  private LiveEventsCost() {}

  /** Takes how often each is run (default 400), of which the second half counts, and which of them to run (default all). */
  public static void main(String... arguments) {
    int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 400;
    List<String> wanted =
        List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
    LiveEvents asked = new LiveEvents();
    Map<String, Function<WatchedShape, Object>> all = new LinkedHashMap<>();
    all.put("verdict", asked::verdict);
    all.put("policyEditThenVerdict", asked::policyEditThenVerdict);
    all.put("podOfNewClassThenVerdict", asked::podOfNewClassThenVerdict);
    all.put("wouldOpenByEdit", asked::wouldOpenByEdit);
    all.put("wouldOpenToNamespace", asked::wouldOpenToNamespace);
    all.put("wouldOpenToAll", asked::wouldOpenToAll);
    all.put("policyEditThenWouldOpenToAll", asked::policyEditThenWouldOpenToAll);
    all.put("podThenWouldOpen", asked::podThenWouldOpen);
    all.put("policyEditThenPlan", asked::policyEditThenPlan);
    all.put("podOfKnownClassThenPlan", asked::podOfKnownClassThenPlan);
    all.put("podThenPlan", asked::podThenPlan);
    all.put("replan", asked::replan);
    System.out.println("benchmark: best / p50 / p90 / p99, µs of processor time");
    Map<String, Function<WatchedShape, ObjectEvent>> events = new LinkedHashMap<>();
    events.put("podOfKnownClass", WatchedShape::knownPod);
    events.put("podOfNewClass", WatchedShape::newPod);
    events.put("policyEdit", WatchedShape::edit);
    if (!wanted.isEmpty()) {
      events.keySet().retainAll(wanted);
      all.keySet().retainAll(wanted);
    }
    events.forEach((name, event) -> print(name, batches(runs, event), BATCH));
    all.forEach((name, event) -> {
      WatchedShape shape = new WatchedShape();
      shape.draw();
      print(name, times(name.endsWith("lan") ? Math.max(20, runs / 10) : runs, event, shape), 1);
    });
  }

  private static void print(String name, long[] times, int events) {
    System.out.printf(
        "%s: %,.2f / %,.2f / %,.2f / %,.2f%n",
        name,
        times[0] / 1e3 / events,
        times[times.length / 2] / 1e3 / events,
        times[times.length * 9 / 10] / 1e3 / events,
        times[times.length * 99 / 100] / 1e3 / events);
  }

  /** What each batch of events takes to be taken, one after the other. */
  private static long[] batches(int runs, Function<WatchedShape, ObjectEvent> event) {
    WatchedShape shape = new WatchedShape();
    shape.draw();
    ObjectEvent[] drawn = new ObjectEvent[BATCH];
    return times(runs, () -> Arrays.setAll(drawn, i -> event.apply(shape)), () -> {
      for (ObjectEvent each : drawn) {
        shape.watched.accept(each);
      }
      return shape.watched.snapshot();
    });
  }

  private static long[] times(int runs, Function<WatchedShape, Object> event, WatchedShape shape) {
    return times(runs, () -> {}, () -> event.apply(shape));
  }

  private static long[] times(int runs, Runnable before, Supplier<Object> event) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] times = new long[runs];
    for (int i = 0; i < runs; i++) {
      before.run();
      long begun = threads.getCurrentThreadCpuTime();
      Object made = event.get();
      times[i] = threads.getCurrentThreadCpuTime() - begun;
      if (made == threads) {
        throw new IllegalStateException();
      }
    }
    long[] second = Arrays.copyOfRange(times, runs / 2, runs);
    Arrays.sort(second);
    return second;
  }
}
