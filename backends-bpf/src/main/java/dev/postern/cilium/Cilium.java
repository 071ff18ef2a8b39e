package dev.postern.cilium;

import dev.postern.backend.Artifact;
import dev.postern.backend.Draft;
import dev.postern.backend.Incremental;
import dev.postern.backend.Refusal;
import dev.postern.backend.Remedy;
import dev.postern.backend.Scope;
import dev.postern.backend.Script;
import dev.postern.lowering.PeerAddresses;
import dev.postern.lowering.PolicedPods;
import dev.postern.mapdump.Batch;
import dev.postern.mapdump.MapDump;
import dev.postern.mapdump.MapEdit;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.MapScript;
import dev.postern.mapdump.MapScript.MapChanges;
import dev.postern.mapdump.MapScript.NewMap;
import dev.postern.mapdump.PoliciesAtLimit;
import dev.postern.mapdump.Treatments;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The target {@code cilium}: the entries of an agent's maps, as dumps and as batches.
 *
 * @param unaddressed what to do with pods of which no address is known
 * @param version the release whose layout the entries have
 * @param capacity how many entries a policy map holds, the agent's {@code bpf-policy-map-max}
 */
public record Cilium(PolicedPods.Unaddressed unaddressed, CiliumVersion version, int capacity)
    implements Incremental {

  /** What an agent gives a policy map unless it is told otherwise. */
  public static final int CAPACITY = 16384;

  /** The size of {@code cilium_ipcache_v2}. */
  private static final int IPCACHE_CAPACITY = 512_000;

  /** The pin of {@code ipcache}. */
  static final String IPCACHE = "ipcache";

  private static final MapScript SCRIPT =
      new MapScript("cilium", "/sys/fs/bpf/postern-cilium", "Cilium's");

  public static Cilium backend() {
    return new Cilium(PolicedPods.Unaddressed.REFUSE, CiliumVersion.V1_19, CAPACITY);
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

  /**
   * What an agent would know.
   *
   * @param table addresses and networks with their identities
   * @param endpoints by the name in their files
   * @param policies their policy maps
   */
  record State(
      SortedMap<Cidr, Identity> table,
      SortedMap<String, CiliumEndpoint> endpoints,
      SortedMap<String, List<MapEntry>> policies) {

    /** Every identity that some address has, once. */
    List<Identity> identities() {
      return List.copyOf(new LinkedHashSet<>(table.values()));
    }

    /** The families of which some pod has an address. */
    Set<Cidr> families() {
      return Arrays.stream(Family.values())
          .map(Cidr::all)
          .filter(table::containsKey)
          .collect(Collectors.toSet());
    }

    List<MapEntry> ipcache(CiliumLayout layout) {
      return table.entrySet().stream()
          .map(entry -> layout.ipcache(entry.getKey(), entry.getValue().number()))
          .toList();
    }
  }

  @Override
  public Draft draft(Plan plan, Scope scope) throws Refusal {
    return draft(state(plan, scope));
  }

  private State state(Plan plan, Scope scope) throws Refusal {
    if (plan.options().ipBlockMatchesPods()) {
      throw new Refusal(
          List.of("its `ipBlock` never matches pods, but the policies are read as if it did"),
          Remedy.IP_BLOCKS_MATCH_NO_PODS);
    }
    PolicedPods policed = PolicedPods.of(plan, scope, unaddressed);
    refuse(PeerAddresses.of(plan).conflicts());
    CiliumIdentities identities = new CiliumIdentities(plan, scope, Treatments.of(plan, policed));
    ReachablePeers reachable = new ReachablePeers(identities.all());
    SortedMap<String, CiliumEndpoint> endpoints = CiliumEndpoint.all(plan, scope, policed);
    CiliumLayout layout = new CiliumLayout(version);
    Map<List<Object>, List<MapEntry>> shared = new HashMap<>();
    SortedMap<String, List<MapEntry>> policies = new TreeMap<>();
    endpoints.forEach((name, endpoint) -> policies.put(
        name,
        shared.computeIfAbsent(
            endpoint.likeness(), key -> PolicyMap.of(layout, reachable.of(endpoint)))));
    limits(plan, endpoints, policies, identities.table().size());
    return new State(identities.table(), endpoints, policies);
  }

  private Draft draft(State state) {
    CiliumLayout layout = new CiliumLayout(version);
    List<MapEntry> ipcache = state.ipcache(layout);
    SortedMap<String, String> files = new TreeMap<>();
    List<NewMap> maps = new ArrayList<>(List.of(ipcacheMap()));
    List<String> batches = new ArrayList<>(List.of("ipcache.batch"));
    state.policies.forEach((name, entries) -> {
      files.put("policy-" + name + ".json", MapDump.write(entries));
      files.put("policy-" + name + ".batch", Batch.updates(pin(name), entries));
      maps.add(policyMap(name));
      batches.add("policy-" + name + ".batch");
    });
    files.put("ipcache.json", MapDump.write(ipcache));
    files.put("ipcache.batch", Batch.updates(IPCACHE, ipcache));
    files.put("identities.json", IdentityList.write(state.identities()));
    Map<String, Script> scripts = Map.of(
        "apply.sh",
        SCRIPT.apply(maps, batches, Batch.digest(files)),
        "remove.sh",
        SCRIPT.remove("\"$pin\"/policy-* \"$pin\"/new-* \"$pin/ipcache\""));
    long distinct = state.endpoints.values().stream()
        .map(CiliumEndpoint::likeness)
        .distinct()
        .count();
    String summary = CiliumCost.of(
            state.policies.values(),
            (int) distinct,
            state.identities().size(),
            ipcache.size(),
            capacity)
        .text(version);
    files.put("summary.txt", summary);
    return Draft.of(target(), files, scripts, summary);
  }

  /**
   * Changes the maps of one plan into those of another, entry by entry, in an order in which nothing passes on the way that neither plan lets
   * pass, and what both let pass passes.
   *
   * @return {@code apply.sh}, which fails where the maps do not hold the first plan's entries, and the batches that it goes through
   * @throws IllegalArgumentException if the plans have different options
   * @throws Refusal if the target cannot express one of the plans exactly, or a map would be too full on the way
   */
  @Override
  public Artifact delta(Plan before, Plan after, Scope scope) throws Refusal {
    if (!before.options().equals(after.options())) {
      throw new IllegalArgumentException("a delta keeps the options: compile the whole");
    }
    State from = state(before, scope);
    State to = state(after, scope);
    if (!from.families().equals(to.families())) {
      throw new Refusal(List.of("the pods' address families change"), Remedy.COMPILE_WHOLE);
    }
    CiliumDelta delta = new CiliumDelta(new CiliumLayout(version), from, to);
    MapChanges change = delta.change(this::policyMap);
    List<String> reasons = new ArrayList<>();
    MapEdit.peaks(delta.before(), change.edits()).forEach((pin, peak) -> {
      int room = pin.equals(IPCACHE) ? IPCACHE_CAPACITY : capacity;
      if (peak > room) {
        reasons.add(pin + " would have " + peak + " entries on the way and holds " + room);
      }
    });
    if (!reasons.isEmpty()) {
      throw new Refusal(reasons, Remedy.COMPILE_WHOLE);
    }
    return SCRIPT
        .change(
            target(),
            change,
            Batch.digest(draft(from).artifact().files()),
            Batch.digest(draft(to).artifact().files()))
        .artifact();
  }

  private NewMap ipcacheMap() {
    return new NewMap(
        IPCACHE,
        "lpm_trie",
        CiliumLayout.IPCACHE_KEY,
        version.ipcacheValue(),
        IPCACHE_CAPACITY,
        "postern_ipcache");
  }

  private NewMap policyMap(String endpoint) {
    return new NewMap(
        pin(endpoint),
        "lpm_trie",
        CiliumLayout.POLICY_KEY,
        version.policyValue(),
        capacity,
        "postern_policy");
  }

  /** The name of an endpoint's pin: the BPF file system takes no dots, and no name in Kubernetes has an underscore. */
  static String pin(String endpoint) {
    return "policy-" + endpoint.replace('.', '_');
  }

  private void limits(
      Plan plan,
      SortedMap<String, CiliumEndpoint> endpoints,
      SortedMap<String, List<MapEntry>> maps,
      int prefixes)
      throws Refusal {
    List<String> reasons = new ArrayList<>();
    endpoints.forEach((name, endpoint) -> {
      int size = maps.getOrDefault(name, List.of()).size();
      if (size > capacity) {
        reasons.add(endpoint.end() + ": its policy map would have " + size + " entries and holds "
            + capacity + " (bpf-policy-map-max)"
            + PoliciesAtLimit.selecting(plan, endpoint.classNumber()));
      }
    });
    if (prefixes > IPCACHE_CAPACITY) {
      reasons.add("ipcache would have " + prefixes + " entries and holds " + IPCACHE_CAPACITY
          + PoliciesAtLimit.networks(plan.cluster()));
    }
    refuse(reasons);
  }

  private static void refuse(List<String> reasons) throws Refusal {
    if (!reasons.isEmpty()) {
      throw new Refusal(reasons);
    }
  }
}
