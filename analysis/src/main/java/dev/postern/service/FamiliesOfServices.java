package dev.postern.service;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Service;
import dev.postern.cluster.ServiceFamilies;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.net.Family;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The families of the addresses of a cluster's Services. A Service that names none has the one that the cluster takes by default: that of the
 * Service {@code kubernetes} of namespace {@code default}, which the API server makes itself, or the only one that is in use. Immutable once
 * made, and safe for use by several threads.
 */
public final class FamiliesOfServices {

  private final Optional<Family> byDefault;

  private FamiliesOfServices(Optional<Family> byDefault) {
    this.byDefault = byDefault;
  }

  /** The families of a cluster's Services. */
  public static FamiliesOfServices of(Cluster cluster) {
    Optional<Family> ofApiServer = cluster.services().stream()
        .filter(service -> service.id().equals("default/kubernetes"))
        .flatMap(service -> service.clusterIps().stream())
        .findFirst()
        .map(address -> address.family());
    Set<Family> inUse = ofApiServer.isPresent() ? Set.of() : FamiliesInUse.of(cluster);
    return new FamiliesOfServices(inUse.size() == 1 ? inUse.stream().findFirst() : ofApiServer);
  }

  /** The families that a Service may have addresses of; more than one of which it has one only if {@link #isOpen}. */
  public Set<Family> of(Service service) {
    return service.families().areTheDefault() && byDefault.isPresent()
        ? Set.of(byDefault.get())
        : service.families().possible();
  }

  /** Whether a Service has one family, and nothing says which. */
  public boolean isOpen(Service service) {
    return service.families().areTheDefault() && byDefault.isEmpty();
  }

  /** A cluster that takes this family by default, as far as that is open. */
  public static Cluster assuming(Cluster cluster, Family family) {
    List<Service> services = cluster.services().stream()
        .map(service -> service.families().areTheDefault()
            ? service.withFamilies(ServiceFamilies.only(family))
            : service)
        .toList();
    return cluster.withServices(services);
  }
}
