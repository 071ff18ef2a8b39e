package dev.postern.reach;

import dev.postern.deadline.Deadline;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.plan.Table;
import dev.postern.policy.Direction;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Who reaches whom in a planned cluster, exactly: the set engine. A flow passes if the source's egress and the destination's ingress let
 * it. Judges what it is asked; that an IPv4 address cannot call an IPv6 address is for the asker to know. Safe for use by many threads.
 */
public final class Reachability {

  /** Tables of fewer borders, all together, are made in no time. */
  private static final long FEW_BORDERS = 1_000_000;
  /** Tables of more borders a class cost more than judging pair by pair. */
  private static final long WIDE = 500;

  private final Plan plan;
  private final Exemptions exemptions;
  private final UnknownEnds unknownEnds;
  /** Whether the tables would cost more than they save. */
  private final boolean wide;

  private Optional<Admissions> allowed = Optional.empty();
  private Optional<Admissions> possible = Optional.empty();

  private Reachability(Plan plan) {
    this.plan = plan;
    this.exemptions = new Exemptions(plan.cluster(), plan.options());
    this.unknownEnds = new UnknownEnds(plan);
    long borders = plan.extent(Direction.INGRESS) + plan.extent(Direction.EGRESS);
    this.wide = borders > FEW_BORDERS && borders > WIDE * plan.classes().size();
  }

  public static Reachability of(Plan plan) {
    return new Reachability(plan);
  }

  public Plan plan() {
    return plan;
  }

  /**
   * The verdict on one flow.
   *
   * @throws IllegalArgumentException if an end is a pod of another cluster
   */
  public FlowVerdict verdict(Flow flow) {
    if (exemptions.exempt(flow.source(), flow.destination())) {
      return FlowVerdict.ALLOWED;
    }
    if (UnknownEnds.isUnknown(flow.source()) || UnknownEnds.isUnknown(flow.destination())) {
      return unknownEnds.verdict(flow);
    }
    int source = plan.classes().classOf(flow.source());
    int destination = plan.classes().classOf(flow.destination());
    if (passes(source, destination, flow, false)) {
      return FlowVerdict.ALLOWED;
    }
    boolean certain =
        plan.isCertain(source, Direction.EGRESS) && plan.isCertain(destination, Direction.INGRESS);
    return !certain && passes(source, destination, flow, true)
        ? FlowVerdict.UNKNOWN
        : FlowVerdict.DENIED;
  }

  private boolean passes(int source, int destination, Flow flow, boolean withNames) {
    Protocol protocol = flow.protocol();
    int port = flow.port();
    return plan.passes(source, destination, Direction.EGRESS, withNames, protocol, port)
        && plan.passes(destination, source, Direction.INGRESS, withNames, protocol, port);
  }

  /**
   * All that passes from one end to another.
   *
   * @throws IllegalArgumentException if an end is a pod of another cluster
   */
  public Reach traffic(End source, End destination) {
    if (exemptions.exempt(source, destination)) {
      return Reach.EVERYTHING;
    }
    if (UnknownEnds.isUnknown(source) || UnknownEnds.isUnknown(destination)) {
      return unknownEnds.reach(source, destination);
    }
    return between(plan.classes().classOf(source), plan.classes().classOf(destination));
  }

  /** What the source's policies let it send to a destination, the exemptions apart; everything if it is no pod. */
  public Reach leaving(End source, End destination) {
    return source instanceof End.InPod
        ? oneSided(source, destination, Direction.EGRESS)
        : Reach.EVERYTHING;
  }

  /** What the destination's policies let in from a source, the exemptions apart; everything if it is no pod. */
  public Reach entering(End source, End destination) {
    return destination instanceof End.InPod
        ? oneSided(destination, source, Direction.INGRESS)
        : Reach.EVERYTHING;
  }

  private Reach oneSided(End subject, End peer, Direction direction) {
    if (UnknownEnds.isUnknown(peer)) {
      return direction == Direction.EGRESS
          ? unknownEnds.reach(subject, peer)
          : unknownEnds.reach(peer, subject);
    }
    return ClassPairReach.oneSided(
        plan, plan.classes().classOf(subject), plan.classes().classOf(peer), direction);
  }

  /** Whether traffic between two ends passes whatever the policies say: a pod's own, and that between a pod and its node. */
  public boolean isExempt(End source, End destination) {
    return exemptions.exempt(source, destination);
  }

  /** Whether it may be so, since no manifest says where a pod runs: traffic between a pod and its node. */
  public boolean mayBeExempt(End source, End destination) {
    return exemptions.perhaps(source, destination);
  }

  /** All that passes from the endpoints of one class to those of another, the exemptions apart. */
  public Reach between(int source, int destination) {
    Deadline.current().check();
    return ClassPairReach.between(plan, source, destination);
  }

  private static boolean isCertain(Table table) {
    return table.allowed() == table.possible();
  }

  /** What passes from the endpoints of one class to every class, the exemptions apart. */
  public Row row(int source) {
    Deadline.current().check();
    return wide
        ? new PointRows(plan).row(source)
        : RowReader.at(plan, source, allowed(), possible());
  }

  /** The rows of all classes, ascending; made one by one, so that no matrix is ever held. */
  public Stream<Row> rows() {
    Rows rows = reader();
    return IntStream.range(0, plan.classes().size()).mapToObj(rows::row);
  }

  Rows reader() {
    return wide ? new PointRows(plan) : new RowReader(plan, allowed(), possible());
  }

  private synchronized Admissions allowed() {
    if (allowed.isEmpty()) {
      allowed = Optional.of(new Admissions(plan, Table::allowed));
    }
    return allowed.get();
  }

  /** The same as what is allowed, if every ingress table is certain. */
  private synchronized Admissions possible() {
    if (possible.isEmpty()) {
      boolean certain = true;
      for (int profile = 0; profile < plan.profiles(Direction.INGRESS); profile++) {
        certain &= isCertain(plan.ofProfile(profile, Direction.INGRESS));
      }
      possible = Optional.of(certain ? allowed() : new Admissions(plan, Table::possible));
    }
    return possible.get();
  }
}
