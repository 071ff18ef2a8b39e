package dev.postern.aws;

import dev.postern.backend.Artifact;
import dev.postern.backend.Draft;
import dev.postern.backend.Incremental;
import dev.postern.backend.Refusal;
import dev.postern.backend.Remedy;
import dev.postern.backend.Scope;
import dev.postern.backend.Script;
import dev.postern.lowering.PolicedPods;
import dev.postern.mapdump.Batch;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapScript;
import dev.postern.mapdump.MapScript.MapChanges;
import dev.postern.mapdump.MapScript.NewMap;
import dev.postern.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The target {@code aws}: the entries of the maps that the AWS network policy agent gives each pod, as dumps and as batches.
 *
 * @param unaddressed what to do with pods of which no address is known
 */
public record Aws(PolicedPods.Unaddressed unaddressed) implements Incremental {

  private static final MapScript SCRIPT =
      new MapScript("aws", "/sys/fs/bpf/postern-aws", "the AWS network policy agent's");

  public static Aws backend() {
    return new Aws(PolicedPods.Unaddressed.REFUSE);
  }

  @Override
  public String target() {
    return "aws";
  }

  @Override
  public Draft draft(Plan plan, Scope scope) throws Refusal {
    return draft(AwsState.of(plan, scope, unaddressed));
  }

  private Draft draft(AwsState state) {
    SortedMap<String, String> files = new TreeMap<>();
    List<NewMap> maps = new ArrayList<>();
    List<String> batches = new ArrayList<>();
    for (PodDirection side : state.sides().values()) {
      PodDirection.entries(state.tries(side)).forEach((kind, entries) -> {
        String name = side.name(kind);
        files.put(name + ".json", MapDump.write(entries));
        files.put(name + ".batch", Batch.updates(side.pin(kind), entries));
        maps.add(side.map(kind, state.family()));
        batches.add(name + ".batch");
      });
    }
    Map<String, Script> scripts = Map.of(
        "apply.sh",
        SCRIPT.apply(maps, batches, Batch.digest(files)),
        "remove.sh",
        SCRIPT.remove("\"$pin\"/*_map"));
    files.put("summary.txt", state.summary());
    return Draft.of(target(), files, scripts, state.summary());
  }

  /**
   * Changes the maps of one plan into those of another, entry by entry, in an order in which nothing passes on the way that neither plan lets
   * pass, and what both let pass passes.
   *
   * @return {@code apply.sh}, which fails where the maps do not hold the first plan's entries, and the batches that it goes through
   * @throws IllegalArgumentException if the plans have different options
   * @throws Refusal if the target cannot express one of the plans, or a state between, exactly
   */
  @Override
  public Artifact delta(Plan before, Plan after, Scope scope) throws Refusal {
    if (!before.options().equals(after.options())) {
      throw new IllegalArgumentException("a delta keeps the options: compile the whole");
    }
    AwsState from = AwsState.of(before, scope, unaddressed);
    AwsState to = AwsState.of(after, scope, unaddressed);
    if (from.family() != to.family()) {
      throw new Refusal(List.of("the pods' address family changes"), Remedy.COMPILE_WHOLE);
    }
    AwsDelta delta = new AwsDelta(from, to);
    MapChanges change = delta.change();
    if (!delta.reasons().isEmpty()) {
      throw new Refusal(delta.reasons(), Remedy.COMPILE_WHOLE);
    }
    return SCRIPT
        .change(
            target(),
            change,
            Batch.digest(draft(from).artifact().files()),
            Batch.digest(draft(to).artifact().files()))
        .artifact();
  }
}
