package dev.postern.cilium;

import dev.postern.algebra.Region;
import dev.postern.mapdump.Batch;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.Mentioned;
import dev.postern.mapdump.Treatments;
import dev.postern.meaning.End;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.target.Artifact;
import dev.postern.target.Backend;
import dev.postern.target.PeerAddresses;
import dev.postern.target.Policed;
import dev.postern.target.Refusal;
import dev.postern.target.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The target {@code cilium}: the entries of an agent's maps, as dumps and as batches.
 *
 * @param unaddressed what to do with pods of which no address is known
 * @param version the release whose layout the entries have
 * @param capacity how many entries a policy map holds, the agent's {@code bpf-policy-map-max}
 */
public record Cilium(Policed.Unaddressed unaddressed, CiliumVersion version, int capacity)
    implements Backend {

  /** What an agent gives a policy map unless it is told otherwise. */
  public static final int CAPACITY = 16384;

  /** The size of {@code cilium_ipcache_v2}. */
  private static final int IPCACHE_CAPACITY = 512_000;

  public static Cilium backend() {
    return new Cilium(Policed.Unaddressed.REFUSE, CiliumVersion.V1_19, CAPACITY);
  }

  public Cilium withVersion(CiliumVersion other) {
    return new Cilium(unaddressed, other, capacity);
  }

  public Cilium withCapacity(int other) {
    return new Cilium(unaddressed, version, other);
  }

  @Override
  public String target() {
    return "cilium";
  }

  @Override
  public Artifact compile(Plan plan, Scope scope) throws Refusal {
    refuse(
        plan.options().ipBlockMatchesPods()
            ? List.of("its `ipBlock` never matches pods, but the policies are read as if it did"
                + " (give --ip-block-matches-pods=false)")
            : List.of());
    Policed policed = Policed.of(plan, scope, unaddressed);
    refuse(PeerAddresses.of(plan).conflicts());
    Identities identities = new Identities(plan, scope, Treatments.of(plan, policed));
    List<Identity> peers = identities.all();
    CiliumLayout layout = new CiliumLayout(version);
    SortedMap<String, Endpoint> endpoints = endpoints(plan, scope, policed);
    Map<List<Object>, List<MapEntry>> shared = new HashMap<>();
    SortedMap<String, List<MapEntry>> maps = new TreeMap<>();
    endpoints.forEach((name, endpoint) -> maps.put(
        name,
        shared.computeIfAbsent(
            List.of(endpoint.egress, endpoint.ingress, endpoint.node),
            key -> entries(layout, endpoint, peers))));
    limits(plan, endpoints, maps, identities.table().size());
    List<MapEntry> ipcache = identities.table().entrySet().stream()
        .map(entry -> layout.ipcache(entry.getKey(), entry.getValue().number()))
        .toList();
    SortedMap<String, String> files = new TreeMap<>();
    maps.forEach((name, entries) -> {
      files.put("policy-" + name + ".json", MapDump.write(entries));
      files.put("policy-" + name + ".batch", Batch.updates(pin(name), entries));
    });
    files.put("ipcache.json", MapDump.write(ipcache));
    files.put("ipcache.batch", Batch.updates("ipcache", ipcache));
    files.put("identities.json", IdentityList.write(peers));
    files.put("apply.sh", CiliumScripts.apply(maps.keySet(), version, capacity));
    files.put("remove.sh", CiliumScripts.REMOVE);
    String summary = CiliumCost.of(
            maps.values(), shared.size(), peers.size(), ipcache.size(), capacity)
        .text(version);
    files.put("summary.txt", summary);
    return new Artifact(target(), files, summary);
  }

  /** The name of an endpoint's pin: the BPF file system takes no dots, and no name in Kubernetes has an underscore. */
  static String pin(String endpoint) {
    return "policy-" + endpoint.replace('.', '_');
  }

  /**
   * A pod with a policy map.
   *
   * @param end one of its addresses
   * @param node where it runs, if traffic with its node passes; else empty
   */
  private record Endpoint(
      End.InPod end, int classNumber, Region egress, Region ingress, String node) {}

  private static SortedMap<String, Endpoint> endpoints(Plan plan, Scope scope, Policed policed)
      throws Refusal {
    List<String> reasons = new ArrayList<>();
    Map<Direction, Map<End.InPod, Region>> tables = new HashMap<>();
    for (Direction direction : Direction.values()) {
      Map<End.InPod, Region> ofEnd = new HashMap<>();
      for (Policed.Group group : policed.groups(direction)) {
        group.endpoints().forEach(end -> ofEnd.put(end, group.allowed()));
      }
      tables.put(direction, ofEnd);
    }
    Region everything = Region.of(plan.classes().everyone(), Traffic.ALL);
    Map<String, Endpoint> found = new LinkedHashMap<>();
    for (int i = 0; i < plan.classes().endpoints().size(); i++) {
      End.InPod end = plan.classes().endpoints().get(i);
      if (end.address().isEmpty() || end.pod().filter(scope::contains).isEmpty()) {
        continue;
      }
      Region egress = tables.getOrDefault(Direction.EGRESS, Map.of()).getOrDefault(end, everything);
      Region ingress =
          tables.getOrDefault(Direction.INGRESS, Map.of()).getOrDefault(end, everything);
      if (end.workload().hostNetwork()) {
        if (!egress.equals(everything) || !ingress.equals(everything)) {
          reasons.add(end + " is on the host network and has no policy map");
        }
        continue;
      }
      String node =
          plan.options().nodeTrafficPasses() ? end.pod().flatMap(p -> p.node()).orElse("") : "";
      Endpoint endpoint = new Endpoint(end, plan.classes().classOf(i), egress, ingress, node);
      String name = end.workload().namespace() + "-" + end.pod().orElseThrow().name();
      Endpoint other = found.putIfAbsent(name, endpoint);
      if (other != null && !samePod(other.end, end)) {
        reasons.add(
            other.end + " and " + end + " would both have the file policy-" + name + ".json");
      } else if (other != null && !(other.egress.equals(egress) && other.ingress.equals(ingress))) {
        reasons.add(other.end + " and " + end + " share a policy map, but not their policies");
      }
    }
    refuse(reasons);
    return new TreeMap<>(found);
  }

  private static boolean samePod(End.InPod one, End.InPod other) {
    return one.workload().equals(other.workload()) && one.pod().equals(other.pod());
  }

  private static List<MapEntry> entries(
      CiliumLayout layout, Endpoint endpoint, List<Identity> peers) {
    List<MapEntry> entries = new ArrayList<>(
        PolicyMap.of(layout, Direction.INGRESS, endpoint.ingress, peers, endpoint.node));
    entries.addAll(PolicyMap.of(layout, Direction.EGRESS, endpoint.egress, peers, endpoint.node));
    return List.copyOf(entries);
  }

  private void limits(
      Plan plan,
      SortedMap<String, Endpoint> endpoints,
      SortedMap<String, List<MapEntry>> maps,
      int prefixes)
      throws Refusal {
    List<String> reasons = new ArrayList<>();
    endpoints.forEach((name, endpoint) -> {
      int size = maps.getOrDefault(name, List.of()).size();
      if (size > capacity) {
        reasons.add(endpoint.end + ": its policy map would have " + size + " entries and holds "
            + capacity + " (bpf-policy-map-max)" + Mentioned.selecting(plan, endpoint.classNumber));
      }
    });
    if (prefixes > IPCACHE_CAPACITY) {
      reasons.add("ipcache would have " + prefixes + " entries and holds " + IPCACHE_CAPACITY
          + Mentioned.networks(plan.cluster()));
    }
    refuse(reasons);
  }

  private static void refuse(List<String> reasons) throws Refusal {
    if (!reasons.isEmpty()) {
      throw new Refusal(reasons);
    }
  }
}
