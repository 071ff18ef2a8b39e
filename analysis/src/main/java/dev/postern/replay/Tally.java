package dev.postern.replay;

import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.Vantage;
import java.time.Instant;
import java.util.Optional;

/** What was seen of one edge. Adding is commutative, but for the place, so that parts of a log can be tallied apart. Not thread-safe. */
final class Tally {

  private static final int VANTAGES = Vantage.values().length;

  private final long[] counts = new long[Outcome.values().length * VANTAGES];
  private final long[] bytes = new long[VANTAGES];
  private LogPlace place;
  private Optional<Instant> first = Optional.empty();
  private Optional<Instant> last = Optional.empty();
  private Optional<AddressCover> sources = Optional.empty();
  private Optional<AddressCover> destinations = Optional.empty();

  Tally(LogPlace place) {
    this.place = place;
  }

  void add(FlowRecord flow) {
    int vantage = flow.vantage().ordinal();
    counts[flow.outcome().ordinal() * VANTAGES + vantage] += flow.count();
    bytes[vantage] += flow.bytes();
    first = earlier(first, flow.first());
    last = later(last, flow.last());
    sources = with(sources, flow.source().address().map(AddressCover::of));
    destinations = with(destinations, flow.destination().address().map(AddressCover::of));
  }

  void add(Tally more) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += more.counts[i];
    }
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] += more.bytes[i];
    }
    first = earlier(first, more.first);
    last = later(last, more.last);
    sources = with(sources, more.sources);
    destinations = with(destinations, more.destinations);
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
      sum += count(outcome, vantage);
    }
    return sum;
  }

  /** Whether it passed: it arrived, or something let it pass and nothing denied it. Whoever knows no policies does not contradict. */
  boolean passed() {
    return count(Outcome.PASSED, Vantage.DESTINATION) > 0 || count(Outcome.DENIED) == 0;
  }

  /** Whether that it passed is known only from something that knows no policies. */
  boolean assumed() {
    return count(Outcome.PASSED) == 0 && count(Outcome.DENIED) == 0;
  }

  /** How many connections or packets: what both ends told is told once, so that the end that saw more counts. */
  long flows() {
    long[] byVantage = new long[VANTAGES];
    for (Outcome outcome : Outcome.values()) {
      for (Vantage vantage : Vantage.values()) {
        byVantage[vantage.ordinal()] += count(outcome, vantage);
      }
    }
    return once(byVantage);
  }

  /** How many bytes, as the end that saw more counted them. */
  long bytes() {
    return once(bytes);
  }

  private static long once(long[] byVantage) {
    return Math.max(byVantage[Vantage.SOURCE.ordinal()], byVantage[Vantage.DESTINATION.ordinal()])
        + byVantage[Vantage.UNSAID.ordinal()];
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
