package dev.postern.traffic;

/** What became of traffic, as far as its log knows. */
public enum Outcome {
  /** Something that enforces policies let it pass. */
  PASSED,
  /** A policy denied it. */
  DENIED,
  /** It was seen by something that knows nothing of policies: a cloud's network, a node's connection tracking, a proxy. */
  SEEN
}
