package dev.postern.why;

import dev.postern.cluster.Pod;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.net.Address;
import dev.postern.net.Family;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A flow between two pods over each family of addresses that both have. */
final class Families {

  private Families() {}

  /** The flow itself first; no others where an end is no pod, or has no address that is known. */
  static List<Flow> of(Flow flow) {
    List<Flow> flows = new ArrayList<>(List.of(flow));
    if (flow.source() instanceof End.InPod source
        && flow.destination() instanceof End.InPod destination) {
      Set<Family> families = EnumSet.allOf(Family.class);
      Optional<Family> own = source.address().map(Address::family);
      if (own.equals(destination.address().map(Address::family))) {
        own.ifPresent(families::remove);
      }
      for (Family family : families) {
        Optional<End> from = in(family, source);
        Optional<End> to = in(family, destination);
        if (from.isPresent() && to.isPresent()) {
          flows.add(new Flow(from.get(), to.get(), flow.protocol(), flow.port()));
        }
      }
    }
    return flows;
  }

  private static Optional<End> in(Family family, End.InPod end) {
    return end.pod()
        .map(Pod::addresses)
        .flatMap(addresses ->
            addresses.stream().filter(address -> address.family() == family).findFirst())
        .map(address -> new End.InPod(end.workload(), end.pod(), Optional.of(address)));
  }
}
