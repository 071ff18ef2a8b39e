package dev.postern.replay;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.reach.Reachability;
import dev.postern.replay.RecordedEnd.Match;
import dev.postern.traffic.FlowEnd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ends of a log in a cluster. A log knows what address a pod had: where manifests give it another or none, the pod with the log's
 * address is judged. Where the two contradict each other on who has an address, nothing is judged.
 */
final class RecordedEnds {

  /**
   * What makes a party another.
   *
   * @param family of one that is not known, the family of its address: it decides which address the other end has
   */
  private record Identity(Match match, Optional<Family> family) {}

  /** What a log says of a party, and of the family of its flow. */
  private record Said(FlowEnd party, Optional<Family> family) {}

  /** Endpoints of one workload and one family that no policy tells apart. */
  private record Alike(Workload workload, int number, Family family) {}

  private final Plan plan;
  private final EndLookup lookup;
  private final Map<Identity, RecordedEnd> all = new HashMap<>();
  private final Map<Said, RecordedEnd> said = new HashMap<>();
  private final Map<Integer, RecordedEnd> ranges = new HashMap<>();
  private final Map<Address, RecordedEnd> holders = new HashMap<>();
  private final Map<RecordedEnd, RecordedEnd> folded = new HashMap<>();
  private final Map<Alike, RecordedEnd> alike = new HashMap<>();
  private Optional<Reachability> planned = Optional.empty();
  private int plannedEnds;

  RecordedEnds(Plan plan) {
    this.plan = plan;
    this.lookup = new EndLookup(plan);
  }

  /** The policies over all pods that were found so far, those with a log's addresses among them. */
  Reachability policies(Reachability before) {
    if (lookup.added().isEmpty()) {
      return before;
    }
    if (planned.isPresent() && plannedEnds == lookup.added().size()) {
      return planned.get();
    }
    Cluster cluster = plan.cluster();
    List<Workload> all = new ArrayList<>(cluster.workloads());
    lookup.added().forEach(end -> all.add(end.workload()));
    planned = Optional.of(Reachability.of(Plan.of(cluster.withWorkloads(all), plan.options())));
    plannedEnds = lookup.added().size();
    return planned.get();
  }

  /**
   * Who a party is.
   *
   * @param family the family of the flow's addresses
   */
  RecordedEnd named(FlowEnd party, Optional<Family> family) {
    if (party.isPod() || !party.namespace().isEmpty() || !party.reserved().isEmpty()) {
      Said key = new Said(party, family);
      RecordedEnd known = said.get(key);
      if (known == null) {
        known = intern(lookup.match(party, family), party);
        if (!known.isRange()) {
          said.put(key, known);
        }
      }
      return known;
    }
    if (party.address().isEmpty()) {
      return intern(lookup.match(party, family), party);
    }
    Address address = party.address().get();
    RecordedEnd holder = holders.get(address);
    if (holder != null) {
      return holder;
    }
    if (lookup.isOutside(address)) {
      return range(address);
    }
    RecordedEnd named = intern(lookup.holder(address), party);
    holders.put(address, named);
    return named;
  }

  /** Whether the manifests give an address to several pods. */
  boolean isShared(Address address) {
    return lookup.isShared(address);
  }

  /** The addresses outside that no policy tells apart from this one. */
  private RecordedEnd range(Address address) {
    int number = plan.classes().classOf(address);
    RecordedEnd range = ranges.get(number);
    if (range == null) {
      range = intern(lookup.outside(address), FlowEnd.at(address));
      ranges.put(number, range);
    }
    return range;
  }

  private RecordedEnd intern(Match match, FlowEnd said) {
    Identity identity = new Identity(
        match, match.end().isPresent() ? Optional.empty() : said.address().map(Address::family));
    RecordedEnd known = all.get(identity);
    if (known == null) {
      known = new RecordedEnd(match, said);
      all.put(identity, known);
    }
    return known;
  }

  /**
   * The same end, or another pod of its workload that stands for it: one that no policy tells apart, where the other end is neither of the
   * same workload nor a node's.
   */
  RecordedEnd folded(RecordedEnd end, RecordedEnd other) {
    if (end.end().isEmpty()
        || !(end.end().get() instanceof End.InPod pod)
        || pod.address().isEmpty()
        || pod.workload().hostNetwork()
        || !isElsewhere(pod, other)) {
      return end;
    }
    RecordedEnd known = folded.get(end);
    if (known == null) {
      known = lookup.isPlanned(pod)
          ? alike.computeIfAbsent(
              new Alike(
                  pod.workload(),
                  plan.classes().classOf(pod),
                  pod.address().orElseThrow().family()),
              k -> end)
          : end;
      folded.put(end, known);
    }
    return known;
  }

  private static boolean isElsewhere(End.InPod pod, RecordedEnd other) {
    if (other.isRange() || other.end().isEmpty()) {
      return true;
    }
    return other.end().get() instanceof End.InPod peer
        && !peer.workload().hostNetwork()
        && !peer.workload().id().equals(pod.workload().id());
  }
}
