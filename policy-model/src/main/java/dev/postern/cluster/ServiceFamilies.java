package dev.postern.cluster;

import dev.postern.net.Address;
import dev.postern.net.Family;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a Service says of the families of its addresses, which are those of the pods' addresses that it leads to. From Kubernetes' "IPv4/IPv6
 * dual-stack" page and what the API server sets where nothing is said ({@code pkg/registry/core/service/storage/alloc.go}).
 *
 * @param named the families that {@code ipFamilies} names, or that its cluster IPs are of
 * @param reach whether it has others beside these
 */
public record ServiceFamilies(Set<Family> named, FurtherFamilies reach) {

  /** Which families a Service has beside those that it names. */
  public enum FurtherFamilies {
    /** None; where it names none either, the one that the cluster takes by default. */
    ONE,
    /** Whichever the cluster has ({@code ipFamilyPolicy: PreferDualStack}). */
    ALL_THERE_ARE,
    /** Both, without which the API server refuses it ({@code ipFamilyPolicy: RequireDualStack}). */
    BOTH,
    /** Whatever its EndpointSlices list: it is headless and has no selector, so nothing chooses addresses for it. */
    AS_LISTED
  }

  /** Both families, if they are there. */
  public static final ServiceFamilies ALL =
      new ServiceFamilies(Set.of(), FurtherFamilies.ALL_THERE_ARE);

  public ServiceFamilies {
    Set<Family> copy = EnumSet.noneOf(Family.class);
    copy.addAll(named);
    named = Collections.unmodifiableSet(copy);
  }

  /** One family. */
  public static ServiceFamilies only(Family family) {
    return new ServiceFamilies(EnumSet.of(family), FurtherFamilies.ONE);
  }

  /** The families of a Service's cluster IPs; both where it has none. */
  public static ServiceFamilies ofClusterIps(Collection<Address> clusterIps) {
    return clusterIps.isEmpty() ? ALL : new ServiceFamilies(of(clusterIps), FurtherFamilies.ONE);
  }

  /** The families of addresses. */
  public static Set<Family> of(Collection<Address> addresses) {
    Set<Family> families = EnumSet.noneOf(Family.class);
    addresses.forEach(address -> families.add(address.family()));
    return families;
  }

  /** The families that it may have addresses of; more than one if it says nothing and the cluster's default decides. */
  public Set<Family> possible() {
    return reach == FurtherFamilies.ONE && !named.isEmpty() ? named : EnumSet.allOf(Family.class);
  }

  /** Whether it has the one family that the cluster takes by default, which the Service does not say. */
  public boolean areTheDefault() {
    return reach == FurtherFamilies.ONE && named.isEmpty();
  }

  /** The families that a cluster must have for this Service to be there. */
  public Set<Family> required() {
    return switch (reach) {
      case BOTH -> EnumSet.allOf(Family.class);
      case ONE, ALL_THERE_ARE -> named;
      case AS_LISTED -> EnumSet.noneOf(Family.class);
    };
  }
}
