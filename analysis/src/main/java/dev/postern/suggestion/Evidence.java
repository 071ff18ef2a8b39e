package dev.postern.suggestion;

import dev.postern.traffic.Count;
import java.time.Instant;
import java.util.Optional;

/**
 * How often something was seen, and when.
 *
 * @param flows how many flows, at least one
 * @param first when the first was seen, if a log says so
 * @param last when the last was seen, if a log says so
 */
public record Evidence(long flows, Optional<Instant> first, Optional<Instant> last) {

  /** Flows of which no log says when they were. */
  public static Evidence of(long flows) {
    return new Evidence(flows, Optional.empty(), Optional.empty());
  }

  /** Both together. */
  public Evidence plus(Evidence more) {
    return new Evidence(
        Count.plus(flows, more.flows),
        first
            .map(one -> more.first.filter(other -> other.isBefore(one)).orElse(one))
            .or(() -> more.first),
        last.map(one -> more.last.filter(other -> other.isAfter(one)).orElse(one))
            .or(() -> more.last));
  }
}
