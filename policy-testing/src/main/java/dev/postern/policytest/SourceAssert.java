package dev.postern.policytest;

import org.assertj.core.annotation.CheckReturnValue;

/** A source, of which it is to be said whom it can reach. Nothing is asserted before the traffic is named. For one thread. */
public final class SourceAssert {

  private final ClusterAssert cluster;
  private final String source;

  SourceAssert(ClusterAssert cluster, String source) {
    this.cluster = cluster;
    this.source = source;
  }

  /**
   * That all of the traffic that is named next passes.
   *
   * @param destination in the words of statements: {@code shop/db}, {@code service shop/cart}, {@code internet}
   */
  @CheckReturnValue
  public TrafficAssert canReach(String destination) {
    return new TrafficAssert(cluster, source + " can reach " + destination);
  }

  /**
   * That nothing of the traffic that is named next passes.
   *
   * @param destination in the words of statements: {@code shop/db}, {@code service shop/cart}, {@code internet}
   */
  @CheckReturnValue
  public TrafficAssert cannotReach(String destination) {
    return new TrafficAssert(cluster, source + " cannot reach " + destination);
  }

  /**
   * That nothing of the traffic that is named next could ever pass, not even for pods that are yet to come. Takes Z3.
   *
   * @param destination in the words of statements
   */
  @CheckReturnValue
  public TrafficAssert canNeverReach(String destination) {
    return new TrafficAssert(cluster, source + " can never reach " + destination);
  }
}
