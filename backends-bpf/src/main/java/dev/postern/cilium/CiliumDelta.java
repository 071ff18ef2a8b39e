package dev.postern.cilium;

import dev.postern.cilium.Cilium.State;
import dev.postern.mapdump.MapEdit;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.MapScript.Created;
import dev.postern.mapdump.MapScript.MapChanges;
import dev.postern.mapdump.MapScript.NewMap;
import dev.postern.net.Cidr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Turns the maps of two plans into edits that lead from one to the other. First addresses whose identity changes get one of their own, which
 * may do what the old one may; then policy maps are cut down to what both plans let pass; then they are widened to what the new one does; then
 * the identities of their own go. So identities change while policies do not, and the other way round, and no packet that one plan drops at one
 * end and the other plan at the other end passes in between.
 */
final class CiliumDelta {

  /** A scope of numbers that Cilium does not use. */
  private static final int TEMPORARY = 3 << 24;

  /** What addresses have before and after. */
  private record Pair(Identity old, Identity now) {}

  /** An endpoint's policy map, stage by stage. */
  private enum Stage {
    OLD,
    SPLIT,
    BOTH,
    WIDENED,
    NEW
  }

  private final CiliumLayout layout;
  private final ReachablePeers before;
  private final ReachablePeers after;
  private final State from;
  private final State to;
  private final SortedMap<Cidr, Pair> table = new TreeMap<>();
  private final Map<Pair, Integer> numbers = new LinkedHashMap<>();
  private final Map<List<Object>, Map<Stage, List<MapEntry>>> known = new HashMap<>();

  CiliumDelta(CiliumLayout layout, State from, State to) {
    this.layout = layout;
    this.before = new ReachablePeers(from.identities());
    this.after = new ReachablePeers(to.identities());
    this.from = from;
    this.to = to;
    Set<Cidr> cidrs = new TreeSet<>(from.table().keySet());
    cidrs.addAll(to.table().keySet());
    for (Cidr cidr : cidrs) {
      Pair pair = new Pair(longest(from.table(), cidr), longest(to.table(), cidr));
      table.put(cidr, pair);
      int temporary = TEMPORARY + numbers.size();
      boolean same = pair.old.number() == pair.now.number();
      numbers.putIfAbsent(pair, same ? pair.old.number() : temporary);
    }
  }

  private static Identity longest(SortedMap<Cidr, Identity> table, Cidr cidr) {
    for (int bits = cidr.prefix(); bits >= 0; bits--) {
      Identity identity = table.get(new Cidr(cidr.network(), bits));
      if (identity != null) {
        return identity;
      }
    }
    throw new IllegalStateException("no identity for " + cidr);
  }

  /** The entries before, by pin. */
  Map<String, List<MapEntry>> before() {
    Map<String, List<MapEntry>> maps = new HashMap<>();
    maps.put(Cilium.IPCACHE, from.ipcache(layout));
    from.policies().forEach((name, entries) -> maps.put(Cilium.pin(name), entries));
    return maps;
  }

  /** @param map the map of an endpoint */
  MapChanges change(Function<String, NewMap> map) {
    List<MapEntry> middle = table.entrySet().stream()
        .map(entry -> layout.ipcache(entry.getKey(), numbers.getOrDefault(entry.getValue(), 0)))
        .toList();
    List<MapEdit> split = new ArrayList<>(additions(Stage.OLD, Stage.SPLIT));
    split.addAll(MapEdit.puts(Cilium.IPCACHE, from.ipcache(layout), middle));
    split.addAll(MapEdit.deletions(Cilium.IPCACHE, from.ipcache(layout), middle));
    split.addAll(removals(Stage.OLD, Stage.SPLIT));
    List<MapEdit> restrict = new ArrayList<>(additions(Stage.SPLIT, Stage.BOTH));
    restrict.addAll(removals(Stage.SPLIT, Stage.BOTH));
    List<MapEdit> extend = new ArrayList<>(additions(Stage.BOTH, Stage.WIDENED));
    extend.addAll(removals(Stage.BOTH, Stage.WIDENED));
    List<MapEdit> join = new ArrayList<>(additions(Stage.WIDENED, Stage.NEW));
    join.addAll(MapEdit.puts(Cilium.IPCACHE, middle, to.ipcache(layout)));
    join.addAll(MapEdit.deletions(Cilium.IPCACHE, middle, to.ipcache(layout)));
    join.addAll(removals(Stage.WIDENED, Stage.NEW));
    SortedMap<String, Created> created = new TreeMap<>();
    List<String> removed = new ArrayList<>();
    for (String name : names()) {
      if (!from.endpoints().containsKey(name)) {
        created.put(Cilium.pin(name), new Created(map.apply(name), entries(name, Stage.WIDENED)));
      } else if (!to.endpoints().containsKey(name)) {
        removed.add(Cilium.pin(name));
      }
    }
    return new MapChanges(split, restrict, created, removed, extend, join);
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>(from.endpoints().keySet());
    names.addAll(to.endpoints().keySet());
    return names;
  }

  /** Identities' own entries first: where there is one, what holds for any identity does not count. */
  private List<MapEdit> additions(Stage one, Stage next) {
    List<MapEdit> edits = edits(one, next, false, MapEdit::puts);
    edits.addAll(edits(one, next, true, MapEdit::puts));
    return edits;
  }

  /** Entries for any identity first, for the same reason. */
  private List<MapEdit> removals(Stage one, Stage next) {
    List<MapEdit> edits = edits(one, next, true, MapEdit::deletions);
    edits.addAll(edits(one, next, false, MapEdit::deletions));
    return edits;
  }

  private interface Difference {
    List<MapEdit> of(String map, List<MapEntry> from, List<MapEntry> to);
  }

  private List<MapEdit> edits(Stage one, Stage next, boolean forAny, Difference difference) {
    List<MapEdit> edits = new ArrayList<>();
    for (String name : names()) {
      // A map that comes is there from the third stage on, one that goes until then.
      boolean there = next.compareTo(Stage.BOTH) <= 0
          ? from.endpoints().containsKey(name)
          : to.endpoints().containsKey(name);
      if (there) {
        edits.addAll(difference.of(
            Cilium.pin(name), side(entries(name, one), forAny), side(entries(name, next), forAny)));
      }
    }
    return edits;
  }

  private static List<MapEntry> side(List<MapEntry> entries, boolean forAny) {
    return entries.stream()
        .filter(entry -> CiliumLayout.isForAny(entry) == forAny)
        .toList();
  }

  private List<MapEntry> entries(String name, Stage stage) {
    Optional<CiliumEndpoint> old = Optional.ofNullable(from.endpoints().get(name));
    Optional<CiliumEndpoint> now = Optional.ofNullable(to.endpoints().get(name));
    List<Object> likeness =
        List.of(old.map(CiliumEndpoint::likeness), now.map(CiliumEndpoint::likeness));
    return known.computeIfAbsent(likeness, key -> stages(old, now)).getOrDefault(stage, List.of());
  }

  private Map<Stage, List<MapEntry>> stages(
      Optional<CiliumEndpoint> old, Optional<CiliumEndpoint> now) {
    List<PolicyMap.Peer> split = new ArrayList<>();
    List<PolicyMap.Peer> both = new ArrayList<>();
    List<PolicyMap.Peer> widened = new ArrayList<>();
    numbers.forEach((pair, number) -> {
      Optional<PolicyMap.Peer> earlier = old.map(endpoint -> endpoint.peer(number, pair.old));
      Optional<PolicyMap.Peer> later = now.map(endpoint -> endpoint.peer(number, pair.now));
      earlier.ifPresent(split::add);
      later.ifPresent(widened::add);
      both.add(
          earlier.isPresent() && later.isPresent()
              ? earlier.get().and(later.get())
              : earlier.or(() -> later).orElseThrow());
    });
    Map<Stage, List<MapEntry>> stages = new HashMap<>();
    stages.put(Stage.SPLIT, PolicyMap.of(layout, new PolicyMap.Peers(split, false)));
    stages.put(Stage.BOTH, PolicyMap.of(layout, new PolicyMap.Peers(both, false)));
    stages.put(Stage.WIDENED, PolicyMap.of(layout, new PolicyMap.Peers(widened, false)));
    old.ifPresent(endpoint -> stages.put(Stage.OLD, PolicyMap.of(layout, before.of(endpoint))));
    now.ifPresent(endpoint -> stages.put(Stage.NEW, PolicyMap.of(layout, after.of(endpoint))));
    return stages;
  }
}
