package dev.postern.aws;

import dev.postern.aws.PodDirection.Kind;
import dev.postern.mapdump.MapEdit;
import dev.postern.mapdump.MapEntry;
import dev.postern.mapdump.MapScript.Created;
import dev.postern.mapdump.MapScript.MapChanges;
import dev.postern.net.Traffic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Turns the maps of two plans into edits that lead from one to the other: first to what both let pass, at every pod, then to what the new one
 * does. Denials of cluster policies come before what they make exceptions from, and go after it.
 */
final class AwsDelta {

  private final AwsState from;
  private final AwsState to;
  private final List<String> reasons = new ArrayList<>();

  AwsDelta(AwsState from, AwsState to) {
    this.from = from;
    this.to = to;
  }

  /** Why a state between cannot be held; only to be asked for after {@link #change}. */
  List<String> reasons() {
    return List.copyOf(reasons);
  }

  MapChanges change() {
    List<MapEdit> restrict = new ArrayList<>();
    List<MapEdit> extend = new ArrayList<>();
    SortedMap<String, Created> created = new TreeMap<>();
    List<String> removed = new ArrayList<>();
    from.sides().forEach((name, old) -> {
      Optional<PodDirection> now = Optional.ofNullable(to.sides().get(name));
      if (now.isEmpty()) {
        // Without a state there is no policing: it goes first.
        List.of(Kind.STATES, Kind.OWN, Kind.CLUSTER).forEach(kind -> removed.add(old.pin(kind)));
      } else if (!old.equals(now.get())) {
        PodDirection both = old.and(now.get());
        both.limits().forEach(limit -> reasons.add(name + " " + limit + " on the way"));
        if (both.limits().isEmpty()) {
          restrict.addAll(edits(old, both));
          extend.addAll(edits(both, now.get()));
        }
      }
    });
    to.sides().forEach((name, now) -> {
      if (!from.sides().containsKey(name)) {
        PodDirection.entries(to.tries(now))
            .forEach((kind, entries) ->
                created.put(now.pin(kind), new Created(now.map(kind, to.family()), entries)));
      }
    });
    MapChanges change = new MapChanges(List.of(), restrict, created, removed, extend, List.of());
    MapEdit.peaks(before(), change.edits()).forEach((pin, peak) -> {
      if (peak > PodDirection.CAPACITY) {
        reasons.add(
            pin + " would have " + peak + " entries on the way and holds " + PodDirection.CAPACITY);
      }
    });
    return change;
  }

  private Map<String, List<MapEntry>> before() {
    Map<String, List<MapEntry>> maps = new HashMap<>();
    from.sides()
        .values()
        .forEach(side -> PodDirection.entries(from.tries(side))
            .forEach((kind, entries) -> maps.put(side.pin(kind), entries)));
    return maps;
  }

  private List<MapEdit> edits(PodDirection one, PodDirection next) {
    PodTries old = one.tries(from.family());
    PodTries now = next.tries(from.family());
    List<MapEntry> denied = one.policed() && next.policed()
        ? PodTries.denials(
            from.family(), PodTries.combined(one.spans(), next.spans(), AwsDelta::deniedByEither))
        : one.policed() ? old.cluster() : now.cluster();
    List<MapEdit> edits = new ArrayList<>(move(one.pin(Kind.CLUSTER), old.cluster(), denied));
    edits.addAll(MapEdit.puts(one.pin(Kind.OWN), old.own(), now.own()));
    edits.addAll(MapEdit.puts(one.pin(Kind.STATES), old.states(), now.states()));
    edits.addAll(MapEdit.deletions(one.pin(Kind.OWN), old.own(), now.own()));
    edits.addAll(move(one.pin(Kind.CLUSTER), denied, now.cluster()));
    return edits;
  }

  /** Of traffic that needs no denials nothing is denied; else what either denies, one of which is part of the other. */
  private static Traffic deniedByEither(Traffic one, Traffic next) {
    boolean either = AwsLayout.needsDenials(one);
    boolean other = AwsLayout.needsDenials(next);
    return either && other ? one.intersect(next) : either ? one : other ? next : Traffic.ALL;
  }

  private static List<MapEdit> move(String map, List<MapEntry> from, List<MapEntry> to) {
    Set<MapEntry> same = new HashSet<>(from);
    if (from.size() == to.size() && same.containsAll(to)) {
      return List.of();
    }
    List<MapEdit> edits = new ArrayList<>(MapEdit.puts(map, from, to));
    edits.addAll(MapEdit.deletions(map, from, to));
    return edits;
  }
}
