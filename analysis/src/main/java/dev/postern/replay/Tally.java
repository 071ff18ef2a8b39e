package dev.postern.replay;

import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.traffic.Count;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Opener;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.Vantage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What was seen of one edge. Adding is commutative, but for the place, so that parts of a log can be tallied apart. Not thread-safe. */
final class Tally {

  /** What alone may come with nothing counted. */
  private static final Outcome LAST = Outcome.SEEN;

  private static final int VANTAGES = Vantage.values().length;

  private final long[] counts = new long[Outcome.values().length * VANTAGES];
  private final long[] bytes = new long[VANTAGES];
  private final LogPlace place;
  private final int sourcePort;
  private final int port;
  private Optional<Instant> first = Optional.empty();
  private Optional<Instant> last = Optional.empty();
  private Optional<AddressCover> sources = Optional.empty();
  private Optional<AddressCover> destinations = Optional.empty();

  /** The tally of an edge that begins with this record, which is yet to be added. */
  Tally(FlowRecord beginning) {
    this.place = beginning.place();
    this.sourcePort = beginning.sourcePort();
    this.port = beginning.port();
  }

  void add(FlowRecord flow) {
    int vantage = flow.vantage().ordinal();
    int cell = flow.outcome().ordinal() * VANTAGES + vantage;
    counts[cell] = Count.plus(counts[cell], flow.count());
    bytes[vantage] = Count.plus(bytes[vantage], flow.bytes());
    first = earlier(first, flow.first());
    last = later(last, flow.last());
    sources = with(sources, flow.source().address().map(AddressCover::of));
    destinations = with(destinations, flow.destination().address().map(AddressCover::of));
  }

  private static Optional<AddressCover> with(
      Optional<AddressCover> some, Optional<AddressCover> more) {
    if (some.isEmpty() || more.isEmpty()) {
      return some.isEmpty() ? more : some;
    }
    AddressCover one = some.get();
    AddressCover other = more.get();
    if (one.lowest().family() != other.lowest().family()) {
      // Of a pod with two addresses; what is told by addresses has one family.
      return one.lowest().compareTo(other.lowest()) < 0 ? some : more;
    }
    AddressCover both = one.with(other);
    return both == one ? some : Optional.of(both);
  }

  private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
    return one.isEmpty() || (other.isPresent() && other.get().isBefore(one.get())) ? other : one;
  }

  private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
    return one.isEmpty() || (other.isPresent() && other.get().isAfter(one.get())) ? other : one;
  }

  private long count(Outcome outcome, Vantage vantage) {
    return counts[outcome.ordinal() * VANTAGES + vantage.ordinal()];
  }

  private long count(Outcome outcome) {
    long sum = 0;
    for (Vantage vantage : Vantage.values()) {
      sum = Count.plus(sum, count(outcome, vantage));
    }
    return sum;
  }

  /** Whether any of it passed. */
  boolean hasPassed() {
    return !hasDenied() || passed() > 0;
  }

  /** Whether any of it was denied. */
  boolean hasDenied() {
    return count(Outcome.DENIED) > 0;
  }

  /**
   * How many certainly passed: what arrived, and what left its source more often than it was denied where it arrived. Of an edge a part may
   * pass and another be denied: policies changed meanwhile, or told apart what today's do not. Where some was denied, whoever knows no
   * policies may have seen just that, and counts only for more.
   */
  long passed() {
    long denied = count(Outcome.DENIED);
    if (denied == 0) {
      return flows();
    }
    long beyond = count(Outcome.DENIED, Vantage.DESTINATION);
    long unplaced = Count.plus(beyond, count(Outcome.DENIED, Vantage.UNSAID));
    long unsaid = count(Outcome.PASSED, Vantage.UNSAID);
    long passed = Count.plus(
        Math.max(
            count(Outcome.PASSED, Vantage.DESTINATION),
            count(Outcome.PASSED, Vantage.SOURCE) - unplaced),
        unsaid > unplaced ? unsaid : 0);
    long seen = once(byVantage(Outcome.SEEN));
    return passed > 0 ? passed : seen > denied ? seen - denied : 0;
  }

  /** How many were denied. */
  long denied() {
    return hasDenied() ? Math.max(count(Outcome.DENIED), flows() - passed()) : 0;
  }

  /** Whether what passed is known only from something that knows no policies. */
  boolean assumed() {
    return count(Outcome.PASSED) == 0;
  }

  /**
   * How many connections or packets: what both ends told is told once, so that the end that saw more counts. What goes on without its
   * beginning is one.
   */
  long flows() {
    return Math.max(1, once(byVantage(Outcome.values())));
  }

  private long[] byVantage(Outcome... outcomes) {
    long[] byVantage = new long[VANTAGES];
    for (Outcome outcome : outcomes) {
      for (Vantage vantage : Vantage.values()) {
        byVantage[vantage.ordinal()] =
            Count.plus(byVantage[vantage.ordinal()], count(outcome, vantage));
      }
    }
    return byVantage;
  }

  /** How many bytes, as the end that saw more counted them. */
  long bytes() {
    return once(bytes);
  }

  private static long once(long[] byVantage) {
    return Count.plus(
        Math.max(byVantage[Vantage.SOURCE.ordinal()], byVantage[Vantage.DESTINATION.ordinal()]),
        byVantage[Vantage.UNSAID.ordinal()]);
  }

  /**
   * Records that come to the same tally.
   *
   * @param source the source at an address
   * @param destination the destination at an address
   * @param opened whether it is known that the source opened what they tell of
   */
  List<FlowRecord> records(
      Function<Optional<Address>, FlowEnd> source,
      Function<Optional<Address>, FlowEnd> destination,
      Protocol protocol,
      boolean opened) {
    List<FlowRecord> records = new ArrayList<>();
    for (Outcome outcome : Outcome.values()) {
      for (Vantage vantage : Vantage.values()) {
        long count = count(outcome, vantage);
        boolean counted = records.stream().anyMatch(each -> each.vantage() == vantage);
        // Bytes are told by where they were seen, whatever became of them, and also where nothing
        // was counted.
        if (count > 0 || (outcome == LAST && !counted && bytes[vantage.ordinal()] > 0)) {
          records.add(new FlowRecord(
              place,
              source.apply(sources.map(AddressCover::lowest)),
              destination.apply(destinations.map(AddressCover::lowest)),
              protocol,
              sourcePort,
              port,
              outcome,
              vantage,
              opened ? Opener.SOURCE : Opener.UNSAID,
              count,
              counted ? 0 : bytes[vantage.ordinal()],
              first,
              last));
        }
      }
    }
    // What counts nothing still says which addresses were seen.
    if (records.isEmpty()) {
      records.add(uncounted(source, destination, AddressCover::lowest, protocol, opened));
    }
    if (isRange(sources, destinations)) {
      records.add(uncounted(source, destination, AddressCover::highest, protocol, opened));
    }
    return records;
  }

  private FlowRecord uncounted(
      Function<Optional<Address>, FlowEnd> source,
      Function<Optional<Address>, FlowEnd> destination,
      Function<AddressCover, Address> which,
      Protocol protocol,
      boolean opened) {
    return new FlowRecord(
        place,
        source.apply(sources.map(which)),
        destination.apply(destinations.map(which)),
        protocol,
        sourcePort,
        port,
        Outcome.SEEN,
        Vantage.UNSAID,
        opened ? Opener.SOURCE : Opener.UNSAID,
        0,
        0,
        first,
        last);
  }

  private static boolean isRange(
      Optional<AddressCover> sources, Optional<AddressCover> destinations) {
    return Stream.of(sources, destinations)
        .flatMap(Optional::stream)
        .anyMatch(cover -> !cover.lowest().equals(cover.highest()));
  }

  LogPlace place() {
    return place;
  }

  Optional<Instant> first() {
    return first;
  }

  Optional<Instant> last() {
    return last;
  }

  Optional<AddressCover> sources() {
    return sources;
  }

  Optional<AddressCover> destinations() {
    return destinations;
  }
}
