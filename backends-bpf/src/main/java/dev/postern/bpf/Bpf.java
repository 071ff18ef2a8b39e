package dev.postern.bpf;

import dev.postern.mapdump.Batch;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEntry;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.target.Artifact;
import dev.postern.target.Backend;
import dev.postern.target.PeerAddresses;
import dev.postern.target.Policed;
import dev.postern.target.Refusal;
import dev.postern.target.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Postern's own BPF dataplane: two LPM tries that are swapped at once, and a small tc program that looks at them. */
public final class Bpf implements Backend {

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

  @Override
  public Artifact compile(Plan plan, Scope scope) throws Refusal {
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
    SortedMap<String, String> files = new TreeMap<>();
    files.put("postern.c", resource("postern.c"));
    files.put("identities.json", MapDump.write(addresses));
    files.put("policy.json", MapDump.write(verdicts));
    files.put("identities.batch", Batch.updates("identities", addresses));
    files.put("policy.batch", Batch.updates("policy", verdicts));
    files.put(
        "apply.sh",
        resource("apply.sh")
            .replace("@identities@", room(addresses))
            .replace("@policy@", room(verdicts)));
    files.put("remove.sh", resource("remove.sh"));
    String summary = summary(policed, identities, addresses, verdicts);
    files.put("summary.txt", summary);
    return new Artifact(target(), files, summary);
  }

  private static void limit(String what, int size, Plan plan) throws Refusal {
    if (size > MOST_ENTRIES) {
      String some = plan.cluster().policies().stream()
          .limit(3)
          .map(Policy::toString)
          .collect(Collectors.joining(", "));
      throw new Refusal(List.of(
          size + " " + what + " are more than " + MOST_ENTRIES + " (policies " + some + ", …)"));
    }
  }

  private static String room(List<MapEntry> entries) {
    return Integer.toString(Math.max(1, entries.size()));
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
