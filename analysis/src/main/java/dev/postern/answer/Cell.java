package dev.postern.answer;

import dev.postern.meaning.End;
import dev.postern.net.Family;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Ends of one site that nothing tells apart: one class, one family.
 *
 * @param ends who; not empty
 * @param number their class; empty for ends of which no address is known
 */
record Cell(List<End> ends, OptionalInt number) {

  End first() {
    return ends.get(0);
  }

  /** The family of their addresses; empty if none is known. */
  Optional<Family> family() {
    return familyOf(first());
  }

  static Optional<Family> familyOf(End end) {
    if (end instanceof End.InPod pod) {
      return pod.address().map(a -> a.family());
    }
    return end instanceof End.Outside outside
        ? Optional.of(outside.address().family())
        : Optional.empty();
  }

  /** Whether packets can travel between the two at all: no connection has an address of each family. */
  boolean speaksWith(Cell other) {
    return family().isEmpty() || other.family().isEmpty() || family().equals(other.family());
  }

  /** Whether both are the same single pod and nobody else. */
  boolean isOnlyItself(Cell other) {
    return ends.size() == 1 && other.ends.size() == 1 && samePod(first(), other.first());
  }

  static boolean samePod(End one, End other) {
    return one instanceof End.InPod from
        && other instanceof End.InPod to
        && from.pod().isPresent()
        && from.workload() == to.workload()
        && from.pod().equals(to.pod());
  }
}
