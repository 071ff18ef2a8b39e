package dev.postern.diff;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Service;
import dev.postern.cluster.ServiceFamilies;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.ShortList;
import dev.postern.reach.NaturalOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which Services two versions of a cluster do not share. The rows of a difference are about pods and addresses, since policies judge what
 * has left a Service; that callers reach other pods through it, or none, is no row.
 */
final class ChangedServices {

  /** So many Services a note names. */
  private static final int SHOWN = 4;

  private ChangedServices() {}

  /** That Services changed, if any did. */
  static Optional<String> note(Cluster before, Cluster after) {
    if (before.services().equals(after.services())) {
      return Optional.empty();
    }
    SortedMap<String, Service> was = byName(before);
    SortedMap<String, Service> is = byName(after);
    List<String> parts = Stream.of(
            part(
                "changed",
                is,
                name ->
                    was.containsKey(name) && !written(was.get(name)).equals(written(is.get(name)))),
            part("new", is, name -> !was.containsKey(name)),
            part("gone", was, name -> !is.containsKey(name)))
        .flatMap(Optional::stream)
        .toList();
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of("pods and addresses are compared, not Services, which differ: "
            + String.join("; ", parts));
  }

  private static Optional<String> part(
      String word, SortedMap<String, Service> services, Predicate<String> counts) {
    List<String> names = services.keySet().stream().filter(counts).toList();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(word + " " + names.stream().collect(ShortList.ofFirst(SHOWN)));
  }

  private static SortedMap<String, Service> byName(Cluster cluster) {
    SortedMap<String, Service> services = new TreeMap<>(NaturalOrder.BY_NUMBERS);
    cluster.services().forEach(each -> services.put(each.id(), each));
    return services;
  }

  /** What somebody wrote of it: a cluster assigns cluster IPs and node ports, and lists the endpoints that a selector finds. */
  private static Service written(Service service) {
    return new Service(
        service.namespace(),
        service.name(),
        service.type(),
        List.of(),
        service.headless(),
        service.selector(),
        service.ports().stream()
            .map(port -> new Service.Port(
                port.name(), port.protocol(), port.port(), port.target(), OptionalInt.empty()))
            .toList(),
        service.externalName(),
        service.localTrafficOnly(),
        service.selector().isPresent() ? List.of() : service.endpoints(),
        new Service.ExternalAccess(
            service.exposure().externalIps(),
            List.of(),
            Optional.empty(),
            OptionalInt.empty(),
            service.exposure().internalTrafficLocal(),
            service.exposure().sourceRanges()),
        ServiceFamilies.ofClusterIps(List.of()),
        Origin.NONE);
  }
}
