package dev.postern.bpf;

import dev.postern.bpf.Layout.Identity;
import dev.postern.bpf.TrieReader.PolicyEntry;
import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Established;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.UnreadableMap;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.Cidr;
import dev.postern.target.Reader;
import dev.postern.target.Reading;
import dev.postern.target.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What {@code postern prove} reads of a node with Postern's own BPF maps: both tries as {@code bpftool map dump -j} prints them. */
public final class BpfDumps implements Reader {

  private static final String IDENTITIES = "bpf-identities";
  private static final String POLICY = "bpf-policy";

  @Override
  public String target() {
    return "bpf";
  }

  @Override
  public List<Input> inputs() {
    String pin = "/sys/fs/bpf/postern/";
    return List.of(
        new Input(
            IDENTITIES,
            "What `bpftool -j map dump pinned " + pin
                + "identities` prints: addresses to identities.",
            true,
            false,
            List.of("bpftool", "-j", "map", "dump", "pinned", pin + "identities")),
        new Input(
            POLICY,
            "What `bpftool -j map dump pinned " + pin + "policy` prints: identities to verdicts.",
            true,
            false,
            List.of("bpftool", "-j", "map", "dump", "pinned", pin + "policy")));
  }

  @Override
  public Reading read(Map<String, List<Dump>> dumps, Cluster cluster, Scope scope) {
    try {
      SortedMap<Cidr, Identity> identities = new TreeMap<>();
      for (Dump dump : dumps.getOrDefault(IDENTITIES, List.of())) {
        for (MapDump.Placed placed : MapDump.read(dump.file(), dump.text())) {
          Cidr cidr = decoded(dump, placed, () -> Layout.cidr(placed.entry().key()));
          Identity identity =
              decoded(dump, placed, () -> Layout.identity(placed.entry().value()));
          if (identities.put(cidr, identity) != null) {
            throw unreadable(dump, placed, "the prefix is there twice");
          }
        }
      }
      List<PolicyEntry> policy = new ArrayList<>();
      for (Dump dump : dumps.getOrDefault(POLICY, List.of())) {
        for (MapDump.Placed placed : MapDump.read(dump.file(), dump.text())) {
          policy.add(decoded(
              dump,
              placed,
              () -> new PolicyEntry(
                  Layout.policyKey(placed.entry().key()),
                  Layout.passes(placed.entry().value()),
                  new Origin(dump.file(), placed.line(), placed.column(), ""))));
        }
      }
      // A pod's traffic to itself does not leave its network namespace.
      Contract contract =
          Contract.STRICT.leavingOpen(Exemption.SAME_POD).with(Established.REPLIES_PASS);
      return Reading.of(TrieReader.rules(identities, policy), contract);
    } catch (UnreadableMap problem) {
      return Reading.unreadable(List.of(String.valueOf(problem.getMessage())));
    }
  }

  /** Decodes an entry, or says where it cannot be. */
  private static <T> T decoded(Dump dump, MapDump.Placed placed, Supplier<T> decoder) {
    try {
      return decoder.get();
    } catch (IllegalArgumentException problem) {
      throw unreadable(dump, placed, String.valueOf(problem.getMessage()));
    }
  }

  private static UnreadableMap unreadable(Dump dump, MapDump.Placed placed, String problem) {
    return new UnreadableMap(dump.file(), placed.line(), placed.column(), problem);
  }
}
