package dev.postern.replay;

import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.replay.RecordedEnd.NodeRelation;
import dev.postern.suggestion.Evidence;
import dev.postern.suggestion.SeenFlow;
import dev.postern.suggestion.Unresolved;
import dev.postern.traffic.Count;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.Omission;
import dev.postern.traffic.Opener;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Recorded traffic as suggestions need it: as {@link Edges}, but with every address outside by itself, and the addresses of Services as they
 * are. Takes memory for each pair of ends and port that differ. Not safe for use by several threads.
 */
public final class SeenFlows implements FlowSink {

  /** An end: one of the cluster's, or an address of which the log says nothing. */
  private record Side(Optional<RecordedEnd> named, Optional<Address> address) {

    Optional<End> end() {
      return address.isPresent()
          ? Optional.of(new End.Outside(address.get()))
          : named.flatMap(RecordedEnd::end);
    }

    /** What a log may say of it, so that it is the same again. */
    FlowEnd said(Optional<Address> seen) {
      return address.isPresent()
          ? FlowEnd.at(address.get())
          : named.map(each -> each.at(seen)).orElseThrow();
    }

    /** The same where addresses mean others. */
    FlowEnd whenever(Optional<Address> seen) {
      return address.isPresent()
          ? RecordedEnd.outside(address.get())
          : named.map(each -> each.whenever(seen)).orElseThrow();
    }

    boolean stands(NodeRelation relation) {
      return named.filter(each -> each.relation() == relation).isPresent();
    }

    boolean isPod() {
      return named.flatMap(RecordedEnd::end).filter(End.InPod.class::isInstance).isPresent();
    }
  }

  private record Key(Side source, Side destination, Protocol protocol, int port, boolean opened) {}

  /**
   * What it all comes to.
   *
   * @param passed what passed between ends that are known
   * @param denied how many flows did not pass
   * @param exempt how many flows were between a pod and its own node, which pass whatever policies say
   * @param unknown how many flows passed of which an end is not known, by why
   */
  public record Known(
      List<SeenFlow> passed, long denied, long exempt, SortedMap<String, Long> unknown) {}

  private final RecordedEnds ends;
  private final boolean nodeTrafficPasses;
  private final Map<Key, Tally> tallies = new LinkedHashMap<>();
  private final EnumMap<Omission, Long> leftOut = new EnumMap<>(Omission.class);
  private long flows;

  /** No traffic yet, of the cluster that a plan is of. */
  public SeenFlows(Plan plan) {
    this.ends = new RecordedEnds(plan);
    this.nodeTrafficPasses = plan.options().nodeTrafficPasses();
  }

  @Override
  public void flow(FlowRecord flow) {
    Optional<Family> family = Edges.family(flow);
    RecordedEnd source = ends.named(flow.source(), family);
    RecordedEnd destination = ends.named(flow.destination(), family);
    Opener opener = Edges.opener(flow, source, destination);
    if (opener == Opener.DESTINATION) {
      leftOut(Omission.REPLY);
      return;
    }
    flows = Count.plus(flows, flow.count());
    boolean opened = opener == Opener.SOURCE;
    Key key = new Key(
        side(flow.source(), source, destination),
        side(flow.destination(), destination, source),
        flow.protocol(),
        opened ? flow.port() : 0,
        opened);
    tallies.computeIfAbsent(key, k -> new Tally(flow)).add(flow);
  }

  @Override
  public void leftOut(Omission why) {
    leftOut.merge(why, 1L, Long::sum);
  }

  private Side side(FlowEnd said, RecordedEnd named, RecordedEnd other) {
    boolean bare =
        !said.isPod() && said.namespace().isEmpty() && said.reserved().isEmpty();
    return said.address().isPresent()
            && (named.isRange()
                || (bare
                    && named.end().filter(End.InPod.class::isInstance).isEmpty()
                    && !ends.isShared(said.address().get())))
        ? new Side(Optional.empty(), said.address())
        : new Side(Optional.of(ends.folded(named, other)), Optional.empty());
  }

  /**
   * The fewest records that come to the same, of this or of another plan of the same cluster: parts of a log can be read apart and then put
   * together. What was left out is not among them.
   */
  public Stream<FlowRecord> records() {
    return records(Side::said);
  }

  /**
   * The same for a cluster as it was at another time, when addresses meant others: pods are named, with their workload and without an
   * address.
   */
  public Stream<FlowRecord> recordsWithoutAddresses() {
    return records(Side::whenever);
  }

  private Stream<FlowRecord> records(BiFunction<Side, Optional<Address>, FlowEnd> said) {
    return tallies.entrySet().stream().flatMap(entry -> {
      Key key = entry.getKey();
      return entry
          .getValue()
          .records(
              seen -> said.apply(key.source(), seen),
              seen -> said.apply(key.destination(), seen),
              key.protocol(),
              key.opened())
          .stream();
    });
  }

  /** How many flows there were. */
  public long flows() {
    return flows;
  }

  /** How many entries say nothing about policies, by why. */
  public SortedMap<Omission, Long> leftOut() {
    return new TreeMap<>(leftOut);
  }

  /** What was seen so far. */
  public Known known() {
    List<SeenFlow> passed = new ArrayList<>();
    SortedMap<String, Long> unknown = new TreeMap<>();
    long denied = 0;
    long exempt = 0;
    for (Map.Entry<Key, Tally> entry : tallies.entrySet()) {
      Key key = entry.getKey();
      Tally tally = entry.getValue();
      denied = Count.plus(denied, tally.denied());
      if (!tally.hasPassed()) {
        continue;
      }
      if (nodeTrafficPasses && isWithOwnNode(key)) {
        exempt = Count.plus(exempt, tally.passed());
      } else {
        Optional<String> why = why(key);
        if (why.isPresent()) {
          unknown.merge(why.get(), tally.passed(), Count::plus);
        } else {
          passed.add(new SeenFlow(
              key.source.end().orElseThrow(),
              key.destination.end().orElseThrow(),
              key.protocol,
              key.port,
              new Evidence(tally.passed(), tally.first(), tally.last())));
        }
      }
    }
    return new Known(List.copyOf(passed), denied, exempt, unknown);
  }

  private static boolean isWithOwnNode(Key key) {
    return (key.source.stands(NodeRelation.OWN_NODE) && key.destination.isPod())
        || (key.destination.stands(NodeRelation.OWN_NODE) && key.source.isPod());
  }

  /** Why nobody can say what to allow; empty if the ends are known. */
  private static Optional<String> why(Key key) {
    Optional<String> stranger = Stream.of(key.source, key.destination)
        .filter(side -> side.end().isEmpty())
        .flatMap(side -> side.named().stream())
        .map(RecordedEnd::unknown)
        .findFirst();
    if (stranger.isPresent()) {
      return stranger;
    }
    if (!key.opened) {
      return Optional.of(
          "neither the log nor the ports say which end opened it, and which one was called");
    }
    boolean node = Stream.of(key.source, key.destination)
        .anyMatch(
            side -> side.stands(NodeRelation.OWN_NODE) || side.stands(NodeRelation.OTHER_NODE));
    return node ? Optional.of(Unresolved.NODE.words()) : Optional.empty();
  }
}
