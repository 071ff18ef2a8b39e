package dev.postern.testing;

import dev.postern.net.Family;
import dev.postern.policy.PolicyKind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What generated clusters hold and how large they get.
 *
 * @param families the families of addresses; at least one
 * @param kinds the kinds of policy
 * @param features what else they may hold
 * @param size upper bounds
 */
public record Profile(
    Set<Family> families, Set<PolicyKind> kinds, Set<ClusterFeature> features, Size size) {

  /**
   * Upper bounds of a cluster.
   *
   * @param namespaces 1..26
   * @param workloads 0..1000
   * @param pods pods a workload, 1..50
   * @param policies 0..1000
   * @param rules rules a policy and direction, 0 or more
   */
  public record Size(int namespaces, int workloads, int pods, int policies, int rules) {}

  /** Few enough names, labels, ports and addresses that most things meet. */
  public static final Size SMALL = new Size(4, 10, 3, 10, 3);

  /** All that a manifest can say. */
  public static final Profile EVERYTHING = new Profile(
      EnumSet.allOf(Family.class),
      EnumSet.complementOf(EnumSet.of(PolicyKind.UNDETERMINED)),
      EnumSet.complementOf(EnumSet.of(ClusterFeature.UNWRITABLE)),
      SMALL);

  /** NetworkPolicy alone, over pods that all have their addresses. */
  public static final Profile NETWORK_POLICY = EVERYTHING
      .only(PolicyKind.NETWORK_POLICY)
      .without(ClusterFeature.MISSING_ADDRESSES, ClusterFeature.HOST_NETWORK, ClusterFeature.NODES);

  public Profile {
    families = Set.copyOf(families);
    kinds = Set.copyOf(kinds);
    features = Set.copyOf(features);
  }

  public boolean has(ClusterFeature feature) {
    return features.contains(feature);
  }

  public Profile with(ClusterFeature... more) {
    Set<ClusterFeature> all = EnumSet.noneOf(ClusterFeature.class);
    all.addAll(features);
    all.addAll(Arrays.asList(more));
    return new Profile(families, kinds, all, size);
  }

  public Profile without(ClusterFeature... fewer) {
    Set<ClusterFeature> rest = EnumSet.noneOf(ClusterFeature.class);
    rest.addAll(features);
    rest.removeAll(Arrays.asList(fewer));
    return new Profile(families, kinds, rest, size);
  }

  public Profile only(PolicyKind... others) {
    return new Profile(families, Set.of(others), features, size);
  }

  public Profile only(Family... others) {
    return new Profile(Set.of(others), kinds, features, size);
  }

  public Profile sized(Size other) {
    return new Profile(families, kinds, features, other);
  }

  /** The families in a fixed order. */
  List<Family> familyList() {
    return families.stream().sorted().toList();
  }
}
