package dev.postern.cilium.reader;

import dev.postern.backend.Note;
import dev.postern.backend.Reader;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.UnreadableMap;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.AddressSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What {@code postern prove} reads of a node with Cilium: one file for {@code ipcache}, one for each endpoint's policy map. */
public final class CiliumDumps implements Reader {

  private static final String DIRECTORY = "cilium-dump";
  private static final String IPCACHE = "ipcache.json";
  private static final String POLICY = "policy-";
  private static final String JSON = ".json";
  private static final int ICMP = 1;
  private static final int DESTINATION_UNREACHABLE = 3;

  /** What programs do besides, as they were configured when they were compiled. */
  private static final List<Note> NOT_IN_MAPS = List.of(
      Note.of("maps do not show whether they are enforced: an agent in policy audit mode lets"
          + " everything pass, which `cilium-dbg config` shows"),
      Note.of(
          "where the agent tunnels, UDP from pods to the tunnel's port (8472 or 6081) is dropped, whatever"
              + " policies say"));

  /** What Cilium promises: replies pass, what the opening side sends is judged again; a pod's traffic to itself does not leave it. */
  public static Contract contract() {
    return Contract.STRICT
        .with(Contract.Established.REPLIES_PASS)
        .leavingOpen(Exemption.SAME_POD)
        .waiving(
            "ICMP's \"fragmentation needed\" passes, unless the agent was told otherwise",
            Condition.all(
                new Condition.IpProtocol(Set.of(ICMP)),
                new Condition.IcmpType(Set.of(DESTINATION_UNREACHABLE))));
  }

  @Override
  public String target() {
    return "cilium";
  }

  @Override
  public List<Input> inputs() {
    return List.of(new Input(
        DIRECTORY,
        "Dumps by `bpftool -j map dump pinned <map>`: ipcache.json of cilium_ipcache_v2, and"
            + " policy-<namespace>-<pod>.json of each endpoint's cilium_policy_v2_<endpoint>."
            + " Only for policies whose ipBlocks are read not to match pods.",
        true,
        true,
        List.of()));
  }

  @Override
  public Reading read(Map<String, List<Dump>> dumps, Cluster cluster, Scope scope) {
    SortedMap<String, Dump> files = new TreeMap<>();
    for (Dump dump : dumps.getOrDefault(DIRECTORY, List.of())) {
      files.put(dump.file().substring(dump.file().lastIndexOf('/') + 1), dump);
    }
    List<String> problems = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    Dump cache = files.get(IPCACHE);
    if (cache == null) {
      return Reading.unreadable(List.of("there is no " + IPCACHE
          + " (dump the map cilium_ipcache_v2, or cilium_ipcache of an older agent)"));
    }
    Ipcache ipcache;
    DecisionOrder order;
    Map<String, DecisionOrder.Entries> maps = new HashMap<>();
    try {
      ipcache = Ipcache.of(cache.file(), MapDump.read(cache.file(), cache.text()));
      for (Map.Entry<String, Dump> file : files.entrySet()) {
        if (isPolicy(file.getKey())) {
          String name = file.getValue().file();
          maps.put(
              file.getKey(),
              new DecisionOrder.Entries(name, MapDump.read(name, file.getValue().text())));
        }
      }
      order = DecisionOrder.of(ipcache.value(), List.copyOf(maps.values()));
    } catch (UnreadableMap problem) {
      return Reading.unreadable(List.of(String.valueOf(problem.getMessage())));
    }
    Set<String> left = new HashSet<>(maps.keySet());
    List<CiliumReader.Endpoint> endpoints = new ArrayList<>();
    for (Workload workload : cluster.workloads()) {
      for (Pod pod : workload.pods()) {
        String file = POLICY + workload.namespace() + "-" + pod.name() + JSON;
        boolean first = left.remove(file) || !maps.containsKey(file);
        if (workload.hostNetwork() || !scope.contains(pod) || pod.addresses().isEmpty()) {
          continue;
        }
        if (!first) {
          problems.add(files.get(file).file() + ":1:1: error: two pods would have this file");
        }
        Optional<List<PolicyEntry>> entries =
            entries(Optional.ofNullable(maps.get(file)), order, problems);
        if (!maps.containsKey(file)) {
          warnings.add("no " + file + ": what " + workload.namespace() + "/" + pod.name()
              + " may do is not known");
        }
        AddressSet addresses = AddressSet.ofAddresses(pod.addresses());
        AddressSet unknown = addresses.minus(ipcache.own());
        if (!unknown.isEmpty()) {
          warnings.add(cache.file() + " has no entry for " + unknown + ": what "
              + workload.namespace() + "/" + pod.name() + " may do by that is not known");
        }
        endpoints.add(new CiliumReader.Endpoint(
            workload.namespace() + "/" + pod.name(), addresses, unknown, entries));
      }
    }
    left.stream()
        .sorted()
        .forEach(file -> warnings.add(file + ": no pod of the manifests has this name"));
    Entities entities = Entities.of(ipcache, cluster, scope);
    return new Reading(
            CiliumReader.rules(ipcache.identities(), order, endpoints),
            entities.on(contract(), cluster, scope),
            problems,
            warnings)
        .withNotes(
            Stream.concat(entities.notes().stream(), NOT_IN_MAPS.stream()).toList());
  }

  private static boolean isPolicy(String file) {
    return file.startsWith(POLICY) && file.endsWith(JSON);
  }

  private static Optional<List<PolicyEntry>> entries(
      Optional<DecisionOrder.Entries> map, DecisionOrder order, List<String> problems) {
    try {
      return map.map(dump -> dump.entries().stream()
          .map(placed -> PolicyEntry.of(dump.file(), placed, order))
          .toList());
    } catch (UnreadableMap problem) {
      problems.add(String.valueOf(problem.getMessage()));
      return Optional.empty();
    }
  }
}
