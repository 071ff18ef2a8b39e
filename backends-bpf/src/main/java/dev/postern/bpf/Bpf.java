package dev.postern.bpf;

import dev.postern.mapdump.Batch;
import dev.postern.mapdump.Edit;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.Mentioned;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.target.Artifact;
import dev.postern.target.Incremental;
import dev.postern.target.PeerAddresses;
import dev.postern.target.Policed;
import dev.postern.target.Refusal;
import dev.postern.target.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Postern's own BPF dataplane: two LPM tries that are swapped at once, and a small tc program that looks at them. */
public final class Bpf implements Incremental {

  /** More entries than this in one trie are an error: the kernel would take minutes and gigabytes to hold them. */
  static final int MOST_ENTRIES = 1 << 22;

  private Bpf() {}

  public static Bpf backend() {
    return new Bpf();
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
  public Artifact compile(Plan plan, Scope scope) throws Refusal {
    Tries tries = tries(plan, scope);
    SortedMap<String, String> files = tries.batches();
    String digest = Batch.digest(files);
    files.put("postern.c", resource("postern.c"));
    files.put("identities.json", MapDump.write(tries.addresses));
    files.put("policy.json", MapDump.write(tries.verdicts));
    files.put(
        "apply.sh",
        resource("apply.sh")
            .replace("@room@", Integer.toString(MOST_ENTRIES))
            .replace("@digest@", digest));
    files.put("remove.sh", resource("remove.sh"));
    files.put("summary.txt", tries.summary);
    return new Artifact(target(), files, tries.summary);
  }

  /**
   * Changes the tries of one plan into those of another at once: a second pair, kept equal to the one in force, is changed while nobody looks
   * at it, then it is switched to, then the first one is changed, too. So no packet meets a state between, and as much is written as differs,
   * twice.
   *
   * @return {@code apply.sh}, which fails where the tries do not hold the first plan's entries, and the batches that it goes through
   */
  @Override
  public Artifact delta(Plan before, Plan after, Scope scope) throws Refusal {
    if (!before.options().equals(after.options())) {
      throw new IllegalArgumentException("a delta keeps the options: compile the whole");
    }
    Tries from = tries(before, scope);
    Tries to = tries(after, scope);
    List<Edit> edits = new ArrayList<>();
    edits.addAll(edits("identities", from.addresses, to.addresses));
    edits.addAll(edits("policy", from.verdicts, to.verdicts));
    long deleted = edits.stream().filter(Edit::deletes).count();
    String summary = """
        entries put      %d
        entries deleted  %d
        """.formatted(edits.size() - deleted, deleted);
    SortedMap<String, String> files = new TreeMap<>();
    files.put("changes.batch", Batch.of(edits));
    files.put(
        "apply.sh",
        resource("change.sh")
            .replace("@room@", Integer.toString(MOST_ENTRIES))
            .replace("@from@", Batch.digest(from.batches()))
            .replace("@to@", Batch.digest(to.batches())));
    files.put("summary.txt", summary);
    return new Artifact(target(), files, summary);
  }

  private static List<Edit> edits(String map, List<MapEntry> from, List<MapEntry> to) {
    List<Edit> edits = new ArrayList<>(Edit.puts(map, from, to));
    edits.addAll(Edit.deletions(map, from, to));
    return edits;
  }

  private static Tries tries(Plan plan, Scope scope) throws Refusal {
    Policed policed = Policed.of(plan, scope, Policed.Unaddressed.SKIP);
    List<String> conflicts = PeerAddresses.of(plan).conflicts();
    if (!conflicts.isEmpty()) {
      throw new Refusal(conflicts);
    }
    Identities identities = new Identities(plan, policed);
    List<MapEntry> addresses = identities.entries().entrySet().stream()
        .map(entry -> Layout.identity(entry.getKey(), entry.getValue()))
        .toList();
    List<MapEntry> verdicts = new Verdicts(identities).of(policed);
    limit("addresses", addresses.size(), plan);
    limit("policy entries", verdicts.size(), plan);
    return new Tries(addresses, verdicts, summary(policed, identities, addresses, verdicts));
  }

  private static void limit(String what, int size, Plan plan) throws Refusal {
    if (size > MOST_ENTRIES) {
      throw new Refusal(List.of(size + " " + what + " are more than " + MOST_ENTRIES
          + ", of policies " + Mentioned.list(plan.cluster().policies())));
    }
  }

  private static String summary(
      Policed policed, Identities identities, List<MapEntry> addresses, List<MapEntry> verdicts) {
    int groups = policed.groups(Direction.EGRESS).size()
        + policed.groups(Direction.INGRESS).size();
    return """
        Postern BPF
          groups of pods that share their rules  %d
          identities that policies tell apart    %d
          addresses and networks                 %d entries
          verdicts                               %d entries, shared by all pods of a group
          look-ups for a new connection          at most 6: two addresses, the connection, the verdict for the peer and for anyone, and its record
        """.formatted(groups, identities.count(), addresses.size(), verdicts.size());
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
