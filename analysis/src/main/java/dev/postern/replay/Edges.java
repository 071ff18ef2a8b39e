package dev.postern.replay;

import dev.postern.meaning.End;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.Omission;
import dev.postern.traffic.Opener;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Traffic folded by who called whom on which port, in the words of a cluster. Pods of a workload that no policy tells apart are one end,
 * and so are addresses outside; replies are left out, and both ends' reports of one connection are one. Not safe for use by several
 * threads.
 */
public final class Edges implements FlowSink {

  /**
   * The same ends and port.
   *
   * @param opened whether it is known which end opened it
   */
  record Key(
      RecordedEnd source, RecordedEnd destination, Protocol protocol, int port, boolean opened) {}

  private final RecordedEnds ends;
  private Map<Key, Tally> tallies = new LinkedHashMap<>();
  private final EnumMap<Omission, Long> leftOut = new EnumMap<>(Omission.class);
  private long flows;

  /** No traffic yet, of the cluster that a plan is of. */
  public Edges(Plan plan) {
    this.ends = new RecordedEnds(plan);
  }

  @Override
  public void flow(FlowRecord flow) {
    Optional<Family> family = family(flow);
    RecordedEnd source = ends.named(flow.source(), family);
    RecordedEnd destination = ends.named(flow.destination(), family);
    Opener opener = opener(flow, source, destination);
    if (opener == Opener.DESTINATION) {
      leftOut(Omission.REPLY);
      return;
    }
    flows++;
    boolean opened = opener == Opener.SOURCE;
    Key key = new Key(
        ends.folded(source, destination),
        ends.folded(destination, source),
        flow.protocol(),
        opened ? flow.port() : 0,
        opened);
    Tally tally = tallies.get(key);
    if (tally == null) {
      tally = new Tally(flow);
      tallies.put(key, tally);
    }
    tally.add(flow);
  }

  /** Which end opened a connection, as far as the log, the ports or the pods say. */
  static Opener opener(FlowRecord flow, RecordedEnd source, RecordedEnd destination) {
    Opener opener = flow.folded();
    return opener == Opener.UNSAID ? byDeclaration(flow, source, destination) : opener;
  }

  /** The end of which only one is a pod that declares the port is who was called. */
  private static Opener byDeclaration(
      FlowRecord flow, RecordedEnd source, RecordedEnd destination) {
    boolean from = declares(source, flow.protocol(), flow.sourcePort());
    boolean to = declares(destination, flow.protocol(), flow.port());
    return from == to ? Opener.UNSAID : to ? Opener.SOURCE : Opener.DESTINATION;
  }

  private static boolean declares(RecordedEnd end, Protocol protocol, int port) {
    return end.end().isPresent()
        && end.end().get() instanceof End.InPod pod
        && pod.workload().ports().stream()
            .anyMatch(each -> each.protocol() == protocol && each.number() == port);
  }

  static Optional<Family> family(FlowRecord flow) {
    FlowEnd known = flow.source().address().isPresent() ? flow.source() : flow.destination();
    return known.address().isPresent()
        ? Optional.of(known.address().get().family())
        : Optional.empty();
  }

  @Override
  public void leftOut(Omission why) {
    leftOut.merge(why, 1L, Long::sum);
  }

  /** Takes one record in place of all that was taken before, for who judges records one by one. */
  void only(FlowRecord flow) {
    tallies = new LinkedHashMap<>();
    flow(flow);
  }

  /** How many records were taken. */
  public long flows() {
    return flows;
  }

  /** How many entries say nothing about policies, by why; replies that only the ports tell among them. */
  public SortedMap<Omission, Long> leftOut() {
    return new TreeMap<>(leftOut);
  }

  /** How many edges there are. */
  public int size() {
    return tallies.size();
  }

  /**
   * The fewest records that make the same edges, of this or of another plan of the same cluster: parts of a log can be folded apart and
   * then together. What was left out is not among them.
   */
  public Stream<FlowRecord> records() {
    return tallies.entrySet().stream().flatMap(entry -> {
      Key key = entry.getKey();
      return entry
          .getValue()
          .records(key.source()::at, key.destination()::at, key.protocol(), key.opened())
          .stream();
    });
  }

  RecordedEnds ends() {
    return ends;
  }

  Map<Key, Tally> tallies() {
    return Collections.unmodifiableMap(tallies);
  }
}
