package dev.postern.testing.shape;

import dev.postern.cluster.Cluster;

/** The clusters that Postern is measured on. */
public enum Shape {
  /** Tenants from one template: 1,400 namespaces, 5k pods, 14k policies, 90 % equal but for the namespace, 26 % without effect. */
  W1_TENANT_TEMPLATE(TenantTemplate::cluster),
  /** 25k namespaces of 4 pods and 3 policies. */
  W2_SMALL_NAMESPACES(Uniform::smallNamespaces),
  /** 100 namespaces of 100 apps of 10 pods, a policy an app. */
  W2_LARGE_NAMESPACES(Uniform::largeNamespaces),
  /** One namespace of 10k pods and 10k policies that all select all. */
  W2_ONE_NAMESPACE(Uniform::oneNamespace),
  /** 1,000 namespaces of 10 apps of 10 pods and 10 policies; no two pods have the same labels. */
  W3_MICROSERVICES(Microservices::cluster),
  /** 500 namespaces of 10 egress policies over networks with excepts, ranges and long lists, in both families. */
  W4_CIDR_EGRESS(CidrEgress::cluster),
  /** 1,000 policies of ten rules, ten peers and ten ports, none of which comes twice. */
  W5_UNIQUE(Unique::cluster),
  /** 100 admin policies of 25 rules, a tenth of them of equal priority, a baseline, and 5k NetworkPolicies; {@link Churn} changes it. */
  W6_ADMIN_TIERS(AdminTiers::cluster),
  /** 64 selectors that overlap in every way, so that nearly each of 10k pods is a class of its own. */
  W7_OVERLAPPING(Overlapping::cluster);

  private interface Generator {
    Cluster cluster(long seed, double scale);
  }

  private final Generator generator;

  Shape(Generator generator) {
    this.generator = generator;
  }

  /**
   * A cluster of this shape.
   *
   * @param seed decides what chance decides
   * @param scale 1 for the published size; what is counted scales with it and is never less than one
   */
  public Cluster cluster(long seed, double scale) {
    return generator.cluster(seed, scale);
  }
}
