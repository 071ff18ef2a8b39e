package dev.postern.backend;

/** What a caller can do about a {@link Refusal} or a {@link Note}. How it is asked for is the caller's matter: a command line has an option for each. */
public enum Remedy {
  /** Compile the whole plan, not the change from an earlier one. */
  COMPILE_WHOLE,
  /** Read policies so that no {@code ipBlock} of a NetworkPolicy matches addresses of pods, where that is what the target does. */
  IP_BLOCKS_MATCH_NO_PODS,
  /** Say which interface the packets of which pod use. */
  BIND_INTERFACES,
  /** Read all that filters packets on the node. */
  READ_WHOLE_NODE
}
