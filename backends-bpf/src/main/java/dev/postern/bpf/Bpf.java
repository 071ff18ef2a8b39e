package dev.postern.bpf;

import dev.postern.backend.Artifact;
import dev.postern.backend.Draft;
import dev.postern.backend.Incremental;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.backend.Script;
import dev.postern.lowering.PeerAddresses;
import dev.postern.lowering.PolicedPods;
import dev.postern.mapdump.Batch;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEdit;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.PoliciesAtLimit;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Postern's own BPF dataplane: two LPM tries that are swapped at once, and a small tc program that looks at them.
 *
 * @param capacity how many entries a trie holds
 * @param unaddressed what to do with pods of which no address is known
 */
public record Bpf(int capacity, PolicedPods.Unaddressed unaddressed) implements Incremental {

  /** More entries would take the kernel minutes and gigabytes to hold. */
  public static final int CAPACITY = 1 << 22;

  public static Bpf backend() {
    return new Bpf(CAPACITY, PolicedPods.Unaddressed.REFUSE);
  }

  public Bpf skipping(PolicedPods.Unaddressed other) {
    return new Bpf(capacity, other);
  }

  @Override
  public String target() {
    return "bpf";
  }

  /** What the tries hold, and what it costs. */
  private record Tries(List<MapEntry> addresses, List<MapEntry> verdicts, String summary) {

    SortedMap<String, String> batches() {
      SortedMap<String, String> files = new TreeMap<>();
      files.put("identities.batch", Batch.updates("identities", addresses));
      files.put("policy.batch", Batch.updates("policy", verdicts));
      return files;
    }
  }

  @Override
  public Draft draft(Plan plan, Scope scope) throws Refusal {
    Tries tries = tries(plan, scope);
    SortedMap<String, String> files = tries.batches();
    String digest = Batch.digest(files);
    files.put("postern.c", resource("postern.c"));
    files.put("identities.json", MapDump.write(tries.addresses));
    files.put("policy.json", MapDump.write(tries.verdicts));
    files.put("summary.txt", tries.summary);
    Map<String, Script> scripts =
        Map.of("apply.sh", BpfScripts.apply(capacity, digest), "remove.sh", BpfScripts.REMOVE);
    return Draft.of(target(), files, scripts, tries.summary);
  }

  /**
   * Changes the tries of one plan into those of another at once: a second pair, kept equal to the one in force, is changed while nobody looks
   * at it, then it is switched to, then the first one is changed, too. So no packet meets a state between, and as much is written as differs,
   * twice.
   *
   * @return {@code apply.sh}, which fails where the tries do not hold the first plan's entries, and the batches that it goes through
   * @throws IllegalArgumentException if the plans have different options
   * @throws Refusal if the target cannot express one of the plans exactly
   */
  @Override
  public Artifact delta(Plan before, Plan after, Scope scope) throws Refusal {
    if (!before.options().equals(after.options())) {
      throw new IllegalArgumentException("a delta keeps the options: compile the whole");
    }
    Tries from = tries(before, scope);
    Tries to = tries(after, scope);
    List<MapEdit> edits = new ArrayList<>();
    edits.addAll(edits("identities", from.addresses, to.addresses));
    edits.addAll(edits("policy", from.verdicts, to.verdicts));
    long deleted = edits.stream().filter(MapEdit::deletes).count();
    String summary = """
        entries put      %d
        entries deleted  %d
        """.formatted(edits.size() - deleted, deleted);
    Map<String, String> files = Map.of("changes.batch", Batch.of(edits), "summary.txt", summary);
    Script change =
        BpfScripts.change(capacity, Batch.digest(from.batches()), Batch.digest(to.batches()));
    return Draft.of(target(), files, Map.of("apply.sh", change), summary).artifact();
  }

  private static List<MapEdit> edits(String map, List<MapEntry> from, List<MapEntry> to) {
    List<MapEdit> edits = new ArrayList<>(MapEdit.puts(map, from, to));
    edits.addAll(MapEdit.deletions(map, from, to));
    return edits;
  }

  private Tries tries(Plan plan, Scope scope) throws Refusal {
    PolicedPods policed = PolicedPods.of(plan, scope, unaddressed);
    List<String> conflicts = PeerAddresses.of(plan).conflicts();
    if (!conflicts.isEmpty()) {
      throw new Refusal(conflicts);
    }
    PeerIdentities identities = new PeerIdentities(plan, policed);
    List<MapEntry> addresses = identities.entries().entrySet().stream()
        .map(entry -> MapLayout.identity(entry.getKey(), entry.getValue()))
        .toList();
    PolicyEntries written = new PolicyEntries(identities);
    List<MapEntry> verdicts = written.of(policed);
    limit("addresses", addresses.size() + 1, plan);
    limit("policy entries", verdicts.size() + 1, plan);
    return new Tries(
        MapLayout.marked(true, addresses),
        MapLayout.marked(false, verdicts),
        summary(policed, identities, addresses.size(), written));
  }

  private void limit(String what, int size, Plan plan) throws Refusal {
    if (size > capacity) {
      throw new Refusal(List.of(size + " " + what + " are needed and a trie holds " + capacity
          + ", for " + PoliciesAtLimit.list(plan.cluster().policies())));
    }
  }

  private static String summary(
      PolicedPods policed, PeerIdentities identities, int addresses, PolicyEntries verdicts) {
    int groups = policed.groups(Direction.EGRESS).size()
        + policed.groups(Direction.INGRESS).size();
    return """
        target                      bpf
        groups that share rules     %d
        identities                  %d
        addresses and networks      %d entries
        policy entries              %d
          largest group             %d
          if every pod had its own  %d
        bytes                       %d in keys and values
        look-ups for a new packet   at each policed end: 2 addresses, 1 or 2 connections, 1 or 2 policy entries
        """.formatted(
            groups,
            identities.count(),
            addresses,
            verdicts.count(),
            verdicts.largest(),
            verdicts.unshared(),
            (long) addresses * (MapLayout.IDENTITY_KEY + MapLayout.IDENTITY_VALUE)
                + (long) verdicts.count() * (MapLayout.POLICY_KEY + MapLayout.POLICY_VALUE));
  }

  static String resource(String name) {
    try (InputStream in = Bpf.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }
}
