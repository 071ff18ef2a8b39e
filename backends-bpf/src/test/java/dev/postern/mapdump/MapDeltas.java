package dev.postern.mapdump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Artifact;
import dev.postern.backend.Incremental;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of maps, step by step: every state between is safe, and the last one is what compiling the whole gives. */
public abstract class MapDeltas {

  @TempDir
  private Path directory;

  /** What some maps let pass at one end. */
  @FunctionalInterface
  protected interface EndJudge {
    boolean passes(String pod, boolean egress, Address peer, Flow flow);
  }

  /** A backend that depends on the seed, where it has variants. */
  protected abstract Incremental backend(long seed);

  protected abstract EndJudge judge(ScriptedMaps maps, long seed);

  protected abstract Cluster cluster(long seed);

  protected abstract Options options();

  protected abstract List<Flow> flows(Plan plan, Random random, int number);

  protected abstract Address address(End end);

  /** Why a change may be refused, as a regular expression. */
  protected abstract String refusals();

  /** Whether all packets may meet a map. */
  protected abstract boolean isForAll(String pin);

  /** Whether only packets of a pod meet a map. */
  protected abstract boolean isOf(String pin, String pod);

  /** Whether the agent's maps could be asked about a flow at all. */
  protected boolean isKnown(ScriptedMaps maps, Flow flow) {
    return true;
  }

  private Optional<Artifact> delta(Incremental backend, Plan before, Plan after) {
    try {
      return Optional.of(backend.delta(before, after, Scope.CLUSTER));
    } catch (Refusal refusal) {
      assertThat(refusal).hasMessageMatching(refusals());
      return Optional.empty();
    }
  }

  @Property(tries = 80)
  void everyStateBetweenPassesNoMoreThanEitherAndNoLessThanBoth(@ForAll long seed) throws Refusal {
    Random random = new Random(seed);
    Cluster all = cluster(seed);
    Plan before = Plan.of(Variants.of(all, random), options());
    Plan after = Plan.of(Variants.of(all, random), options());
    Incremental backend = backend(seed);
    Optional<Artifact> delta = delta(backend, before, after);
    if (delta.isEmpty()) {
      return;
    }
    ScriptedMaps maps = ScriptedMaps.of(backend.compile(before, Scope.CLUSTER).files());
    ScriptedMaps target = ScriptedMaps.of(backend.compile(after, Scope.CLUSTER).files());
    Map<Address, String> pods = pods(all);
    List<Flow> flows = new ArrayList<>(flows(Plan.of(all, options()), random, 400));
    flows.removeIf(flow -> !isKnown(maps, flow) || !isKnown(target, flow));
    BitSet old = passing(judge(maps, seed), flows, pods, Optional.empty());
    BitSet now = passing(judge(target, seed), flows, pods, Optional.empty());
    maps.run(delta.get().files(), pin -> {
      BitSet here = passing(judge(maps, seed), flows, pods, Optional.of(pin));
      for (int i = 0; i < flows.size(); i++) {
        if (old.get(i) == now.get(i) && isAbout(flows.get(i), pods, Optional.of(pin))) {
          assertThat(here.get(i))
              .as("%s of seed %d by %s", flows.get(i), seed, backend)
              .isEqualTo(old.get(i));
        }
      }
    });
    assertThat(maps.contents()).isEqualTo(target.contents());
  }

  private static Map<Address, String> pods(Cluster cluster) {
    Map<Address, String> pods = new HashMap<>();
    cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .forEach(workload -> workload
            .pods()
            .forEach(pod -> pod.addresses()
                .forEach(address -> pods.put(
                    address, (workload.namespace() + "-" + pod.name()).replace('.', '_')))));
    return pods;
  }

  /** Whether a change of a map may change what becomes of a flow. */
  private boolean isAbout(Flow flow, Map<Address, String> pods, Optional<String> pin) {
    return pin.isEmpty()
        || isForAll(pin.get())
        || Stream.of(flow.source(), flow.destination())
            .map(this::address)
            .anyMatch(address -> pods.containsKey(address) && isOf(pin.get(), pods.get(address)));
  }

  private BitSet passing(
      EndJudge judge, List<Flow> flows, Map<Address, String> pods, Optional<String> changed) {
    BitSet passing = new BitSet();
    for (int i = 0; i < flows.size(); i++) {
      Flow flow = flows.get(i);
      if (isAbout(flow, pods, changed)) {
        Address source = address(flow.source());
        Address destination = address(flow.destination());
        passing.set(
            i,
            judge.passes(pods.getOrDefault(source, ""), true, destination, flow)
                && judge.passes(pods.getOrDefault(destination, ""), false, source, flow));
      }
    }
    return passing;
  }

  @Test
  void theKernelsMapsHoldTheNewEntriesAndOthersAreNotChanged() throws Exception {
    Engines.require("bpftool");
    int deltas = 0;
    for (int seed = 0; seed < 6; seed++) {
      Random random = new Random(seed);
      Cluster all = cluster(seed);
      Plan before = Plan.of(Variants.of(all, random), options());
      Plan after = Plan.of(Variants.of(all, random), options());
      Incremental backend = backend(seed);
      Optional<Artifact> delta = delta(backend, before, after);
      if (delta.isEmpty()) {
        continue;
      }
      Path here = Files.createDirectory(directory.resolve(Integer.toString(seed)));
      try (PinnedMaps kernel = new PinnedMaps(here)) {
        kernel.apply(backend.compile(before, Scope.CLUSTER));
        kernel.change(delta.get());
        assertThat(ScriptedMaps.read(kernel.dumps()).contents())
            .isEqualTo(
                ScriptedMaps.of(backend.compile(after, Scope.CLUSTER).files()).contents());
        // It starts from what it was made from, and from nothing else.
        kernel.apply(backend.compile(Plan.of(Cluster.EMPTY, options()), Scope.CLUSTER));
        assertThatThrownBy(() -> kernel.change(delta.get()))
            .hasMessageContaining("are not those that this starts from");
        deltas++;
      }
    }
    assertThat(deltas).isPositive();
  }
}
