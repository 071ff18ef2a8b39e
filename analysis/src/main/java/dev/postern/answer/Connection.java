package dev.postern.answer;

import dev.postern.net.AddressRange;
import dev.postern.net.Traffic;
import java.util.Optional;

/**
 * What passes from one source to one destination, of what was asked.
 *
 * @param source a workload or pod as {@code namespace/name}, addresses as {@code first-last}
 * @param destination the same, or a DNS name
 * @param asked what was asked, at the destination itself
 * @param allowed what passes between all pods of the one and all pods of the other
 * @param partly what passes between some of their pods only
 * @param unknown what may pass, depending on what the manifests do not say
 * @param sourceRange the source's addresses, if it is outside the cluster
 * @param destinationRange the destination's addresses, if it is outside the cluster
 */
public record Connection(
    String source,
    String destination,
    Traffic asked,
    Traffic allowed,
    Traffic partly,
    Traffic unknown,
    Optional<AddressRange> sourceRange,
    Optional<AddressRange> destinationRange) {

  /** Whether nothing passes for certain, between no two pods. */
  public boolean isDenied() {
    return allowed.isEmpty() && partly.isEmpty();
  }

  /** What certainly passes between some pods. */
  public Traffic passing() {
    return allowed.union(partly);
  }
}
