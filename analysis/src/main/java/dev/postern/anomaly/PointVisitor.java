package dev.postern.anomaly;

/** Looks at the points of a {@link ClassPairScan}. */
interface PointVisitor {

  /** Whether there is more to know of a rule. */
  boolean wantsRule(int rule);

  /** Whether there is more to know of a NetworkPolicy that alone isolates a class. */
  boolean wantsPolicy(int policy);

  /** Takes in that a NetworkPolicy alone isolates a class from something that would pass without it, and that no rule concerns. */
  default void isolatesFromSomething(int policy) {}

  /** Whether to show each combination of rules of one priority in any case. */
  boolean wantsShared();

  /** A class with the NetworkPolicies that isolate it. */
  default void isolated(int[] policies) {}

  /**
   * A point at a word of traffic.
   *
   * @param withNames whether rules count for what only DNS names may stand for
   * @param settled whether a point with the same lines of the ordered tiers was shown and had no more to show of these lines: what counts
   *     then are NetworkPolicies alone
   * @return whether another point, where other NetworkPolicies meet the same lines of the ordered tiers, may show more of these lines; it
   *     counts for all words of a point together
   */
  boolean visit(ClassPair point, boolean withNames, boolean settled);
}
