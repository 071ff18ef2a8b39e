package dev.postern.answer;

import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.Family;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Ends that go by one name in an answer: a workload's replicas, one pod, a range of addresses outside, a DNS name.
 *
 * @param name {@code shop/frontend}, {@code 203.0.113.0-203.0.113.255}, {@code api.example.com}
 * @param cells its ends, grouped by what can be told apart
 * @param range the addresses, for a site outside the cluster
 */
record Site(String name, List<Cell> cells, Optional<AddressRange> range) {
  Site {
    cells = List.copyOf(cells);
  }

  /** The same with each end in a cell of its own: where it matters which pod is on which node. */
  Site apart() {
    return new Site(
        name,
        cells.stream()
            .flatMap(cell -> cell.ends().stream().map(end -> new Cell(List.of(end), cell.number())))
            .toList(),
        range);
  }

  /** The same at its addresses of these families; those of which no address is known stay. */
  Site in(Set<Family> families) {
    return new Site(
        name,
        cells.stream()
            .filter(cell -> cell.family().map(families::contains).orElse(true))
            .toList(),
        range);
  }

  /** The same with the ends of another of its name, such as a pod at its address of the other family. */
  Site and(Site other) {
    return new Site(
        name, Stream.concat(cells.stream(), other.cells.stream()).distinct().toList(), range);
  }

  Stream<End> ends() {
    return cells.stream().flatMap(cell -> cell.ends().stream());
  }

  /** Whether one of its ends has the address of a node: a pod on the host network, or one of these addresses. */
  boolean isOnANode(Set<Address> nodeAddresses) {
    return ends()
        .anyMatch(end -> end instanceof End.InPod pod
            ? pod.workload().hostNetwork()
            : end instanceof End.Outside outside && nodeAddresses.contains(outside.address()));
  }
}
