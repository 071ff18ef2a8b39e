package dev.postern.diff;

import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.net.Address;
import dev.postern.net.Traffic;
import java.util.List;
import java.util.Optional;

/** What rows of a difference say of single flows, for tests that hold them against the definition. */
final class RowsOfFlows {

  private RowsOfFlows() {}

  /** Whether two different ends, not both outside, have addresses of one family for all that is known. */
  static boolean mayMeet(End source, End destination) {
    if (source instanceof End.Outside && destination instanceof End.Outside) {
      return false;
    }
    if (source instanceof End.InPod a
        && destination instanceof End.InPod b
        && a.workload().equals(b.workload())
        && a.pod().equals(b.pod())) {
      return false;
    }
    Optional<Address> from = address(source);
    Optional<Address> to = address(destination);
    return from.isEmpty() || to.isEmpty() || from.get().family() == to.get().family();
  }

  private static Optional<Address> address(End end) {
    return end instanceof End.InPod pod
        ? pod.address()
        : Optional.of(((End.Outside) end).address());
  }

  /** Whether a row is about a flow. */
  static boolean holds(List<Difference.DifferenceRow> rows, Flow flow) {
    return rows.stream()
        .anyMatch(row -> row.traffic().contains(flow.protocol(), flow.port())
            && holds(row.source(), flow.source())
            && holds(row.destination(), flow.destination())
            && speaks(row, flow));
  }

  private static boolean holds(RowSide who, End end) {
    if (end instanceof End.Outside outside) {
      return who.addresses().contains(outside.address());
    }
    End.InPod in = (End.InPod) end;
    String pod = in.pod()
        .map(p -> in.workload().id() + "[" + p.name() + "]")
        .orElse(in.workload().id());
    return who.workloads().contains(in.workload().id()) || who.workloads().contains(pod);
  }

  private static boolean speaks(Difference.DifferenceRow row, Flow flow) {
    return address(flow.source())
        .or(() -> address(flow.destination()))
        .map(a -> row.families().contains(a.family()))
        .orElse(true);
  }

  /** All traffic of the rows that are about two ends. */
  static Traffic traffic(List<Difference.DifferenceRow> rows, End from, End to) {
    Traffic traffic = Traffic.NONE;
    for (Difference.DifferenceRow row : rows) {
      boolean speaks = address(from)
          .or(() -> address(to))
          .map(a -> row.families().contains(a.family()))
          .orElse(true);
      if (speaks && holds(row.source(), from) && holds(row.destination(), to)) {
        traffic = traffic.union(row.traffic());
      }
    }
    return traffic;
  }
}
