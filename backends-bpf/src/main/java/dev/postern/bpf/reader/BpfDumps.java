package dev.postern.bpf.reader;

import dev.postern.backend.Machine;
import dev.postern.backend.Note;
import dev.postern.backend.Reader;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.bpf.reader.MapBytes.Identity;
import dev.postern.bpf.reader.TrieReader.PolicyEntry;
import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Binding;
import dev.postern.enforced.Contract.Established;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.UnreadableMap;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What {@code postern prove} reads of a node with Postern's own BPF maps: both tries as {@code bpftool map dump -j} prints them; of a live node
 * those that the attached program reads.
 */
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
            List.of()),
        new Input(
            POLICY,
            "What `bpftool -j map dump pinned " + pin + "policy` prints: identities to verdicts.",
            true,
            false,
            List.of()));
  }

  @Override
  public Reading read(Map<String, List<Dump>> dumps, Cluster cluster, Scope scope) {
    try {
      return read(
          dumps.getOrDefault(IDENTITIES, List.of()),
          dumps.getOrDefault(POLICY, List.of()),
          pods(cluster, scope));
    } catch (UnreadableMap problem) {
      return Reading.unreadable(List.of(String.valueOf(problem.getMessage())));
    }
  }

  /** Reads what the attached program reads: by its own maps, whatever is pinned. */
  @Override
  public Optional<Reading> live(
      Machine machine, Cluster cluster, Scope scope, List<Binding> interfaces) {
    try {
      Attachment attached = Attachment.of(machine);
      TriesInForce tries = TriesInForce.of(machine, attached.maps());
      Reading reading =
          read(List.of(tries.identities()), List.of(tries.policy()), pods(cluster, scope));
      AttachedPods coverage = AttachedPods.of(attached.interfaces(), interfaces, cluster, scope);
      return Optional.of(new Reading(
          TrieReader.unless(attached.unknown(), coverage.confined(reading.rules())),
          reading.contract(),
          reading.problems(),
          Stream.concat(attached.unknown().stream(), reading.warnings().stream())
              .toList(),
          Stream.concat(tries.notes().stream().map(Note::of), coverage.note().stream())
              .toList(),
          List.of()));
    } catch (UnreadableMap problem) {
      return Optional.of(Reading.unreadable(List.of(String.valueOf(problem.getMessage()))));
    }
  }

  /** The addresses of the pods that have interfaces here. */
  private static AddressSet pods(Cluster cluster, Scope scope) {
    return AddressSet.ofAddresses(cluster.workloads().stream()
        .filter(workload -> !workload.hostNetwork())
        .flatMap(workload -> workload.pods().stream())
        .filter(scope::contains)
        .flatMap(pod -> pod.addresses().stream())
        .distinct()
        .toList());
  }

  /** @throws UnreadableMap if an entry does not have the layout's form */
  private static Reading read(List<Dump> identityDumps, List<Dump> policyDumps, AddressSet pods) {
    SortedMap<Cidr, Identity> identities = new TreeMap<>();
    List<String> unknown = new ArrayList<>();
    for (Dump dump : identityDumps) {
      for (MapDump.Placed placed : entries(dump, unknown)) {
        Cidr cidr = decoded(dump, placed, () -> MapBytes.cidr(placed.entry().key()));
        Identity identity =
            decoded(dump, placed, () -> MapBytes.identity(placed.entry().value()));
        if (identities.put(cidr, identity) != null) {
          throw unreadable(dump, placed, "the prefix is there twice");
        }
      }
    }
    List<PolicyEntry> policy = new ArrayList<>();
    for (Dump dump : policyDumps) {
      for (MapDump.Placed placed : entries(dump, unknown)) {
        policy.add(decoded(
            dump,
            placed,
            () -> new PolicyEntry(
                MapBytes.policyKey(placed.entry().key()),
                MapBytes.passes(placed.entry().value()),
                new Origin(dump.file(), placed.line(), placed.column(), ""))));
      }
    }
    // A pod's traffic to itself does not leave its network namespace.
    Contract contract =
        Contract.STRICT.leavingOpen(Exemption.SAME_POD).with(Established.REPLIES_PASS);
    return new Reading(
        TrieReader.unless(unknown, TrieReader.rules(identities, policy, pods)),
        contract,
        List.of(),
        unknown);
  }

  /** The entries but for the one that says the layout's version; what is of another version is not known. */
  private static List<MapDump.Placed> entries(Dump dump, List<String> unknown) {
    List<MapDump.Placed> entries = new ArrayList<>();
    boolean known = false;
    for (MapDump.Placed placed : MapDump.read(dump.file(), dump.text())) {
      OptionalInt version = MapBytes.version(placed.entry());
      if (version.isEmpty()) {
        entries.add(placed);
      } else {
        known = version.getAsInt() == MapBytes.VERSION;
      }
    }
    if (!known) {
      unknown.add(
          dump.file() + ": it does not say that it is of version " + MapBytes.VERSION
              + " of this layout, and may mean something else (hint: apply an artefact of this release)");
    }
    return entries;
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
