package dev.postern.dataplane;

import java.net.URI;
import java.util.Optional;

/**
 * What one dataplane does with one feature. What is not known of a dataplane is no fact.
 *
 * @param feature the feature
 * @param enforced whether it is enforced as the API says; of what decides which addresses policies see, whether it is so
 * @param details what happens instead or under which condition, lower case, no full stop; may be empty
 * @param source where it is documented
 * @param before the first version of which it is true no more; empty if there is none
 * @param under the way in which Services are served that it is true under; empty for every way
 */
public record Fact(
    Feature feature,
    boolean enforced,
    String details,
    URI source,
    Optional<DataplaneVersion> before,
    Optional<KubeProxy> under) {

  /** Whether it is true of a version. */
  boolean isTrueOf(DataplaneVersion version) {
    return before.filter(end -> version.compareTo(end) >= 0).isEmpty();
  }

  Fact before(String version) {
    return new Fact(feature, enforced, details, source, DataplaneVersion.parse(version), under);
  }

  Fact under(KubeProxy way) {
    return new Fact(feature, enforced, details, source, before, Optional.of(way));
  }
}
