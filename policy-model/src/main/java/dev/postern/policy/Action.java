package dev.postern.policy;

/** What a matching rule does. */
public enum Action {
  /** Ends it: the connection passes ({@code Allow} or {@code Accept}). Every NetworkPolicy rule does this. */
  ALLOW,
  /** Ends it: the connection does not pass. */
  DENY,
  /** Skips the rest of the tier. */
  PASS
}
