package dev.postern.policytest;

/** Ends of which it is to be said on which traffic one reaches the other. Nothing is asserted before that. For one thread. */
public final class TrafficAssert {

  private final ClusterAssert cluster;
  private final String ends;

  TrafficAssert(ClusterAssert cluster, String ends) {
    this.cluster = cluster;
    this.ends = ends;
  }

  /**
   * On a TCP port.
   *
   * @throws AssertionError if it is not so, or undecided
   */
  public ClusterAssert on(int port) {
    return on(Integer.toString(port));
  }

  /**
   * On traffic in the words of statements: {@code 80-443}, {@code udp/53}, the name of a port.
   *
   * @throws dev.postern.question.BadSentence if it is no traffic
   * @throws AssertionError if it is not so, or undecided
   */
  public ClusterAssert on(String traffic) {
    return cluster.holds(ends + " on " + traffic);
  }

  /**
   * On every port of every protocol.
   *
   * @throws AssertionError if it is not so, or undecided
   */
  public ClusterAssert onAnyPort() {
    return cluster.holds(ends);
  }
}
